// A person entered twice, in one family or in two, and a goal that one takes out while the other
// changes it: two phones without a network, then both send. Nothing is lost and nothing is decided
// without a person.
import { type Locator, type Page, expect } from "@playwright/test";
import { WORDS, addGoal, addMember, exchange, hasGoal, members, openGoalOf, takeOut } from "../helpers/lists.ts";
import { SAMIRA, enterFirstTime } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const KEPT = "È stato tolto e anche cambiato: è rimasto.";
const STEP = "Chiedere i vasi alla vicina";

test("a person entered on two phones is proposed, merged, split again and left alone", async ({ server, device }) => {
  const [first, second] = [device(), device()];
  const one = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  const family = await familyPath(one);

  await test.step("both write down the same aunt, out of each other's reach", async () => {
    await server.stop();
    await addMember(one, family, "Zahra Hassan", "1961-02-03");
    await addMember(other, family, "Hassan Zahra", "1961-02-03");
    await expect(perhaps(one)).toHaveCount(0);
    await server.start();
    await exchange(one, other);
  });

  await test.step("each phone asks, with both beside each other", async () => {
    for (const page of [one, other]) {
      await goTo(page, `${family}/persone`);
      await expect(perhaps(page)).toHaveCount(1);
      await expect(perhaps(page).getByText("Zahra Hassan")).toBeVisible();
      await expect(perhaps(page).getByText("Hassan Zahra")).toBeVisible();
      await expect(members(page, /Zahra/)).toHaveCount(2);
    }
  });

  await test.step("one tap makes one person, whose two names wait for a choice", async () => {
    await perhaps(one).getByRole("button", { name: /^Sono la stessa persona/ }).click();
    await expect(one.getByText("ora è una persona sola")).toBeVisible();
    await expect(members(one, /Zahra/)).toHaveCount(1);
    await expect(members(one, /In lista anche come/)).toHaveCount(1);
    await expect(one.getByRole("button", { name: /^Vale questa: (Zahra Hassan|Hassan Zahra)/ })).toHaveCount(2);
    await exchange(one, other);
    await goTo(other, `${family}/persone`);
    await expect(members(other, /Zahra/)).toHaveCount(1);
  });

  await test.step("the toast takes it back", async () => {
    await goTo(one, `${family}/persone`);
    await members(one, /In lista anche come/).getByRole("button", { name: /^Sono due persone/ }).click();
    await expect(members(one, /Zahra/)).toHaveCount(2);
    await one.getByRole("button", { name: "Annulla" }).click();
    await expect(one.getByText("Tutto come prima.")).toBeVisible();
    await expect(members(one, /Zahra/)).toHaveCount(1);
  });

  await test.step("split again, they are two people, and nobody asks any more", async () => {
    await members(one, /In lista anche come/).getByRole("button", { name: /^Sono due persone/ }).click();
    await expect(members(one, /Zahra/)).toHaveCount(2);
    await exchange(one, other);
    for (const page of [one, other]) {
      await goTo(page, `${family}/persone`);
      await expect(members(page, /Zahra/)).toHaveCount(2);
      await expect(perhaps(page)).toHaveCount(0);
    }
  });

  expect([...first.errors, ...second.errors]).toEqual([]);
});

test("who is in another family is told while the name is typed, and until somebody says no", async ({ device }) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const beside = await familyBeside(page, family);
  await addMember(page, beside, "Oleksandr Shevchenko", "1983-05-12");

  await test.step("in another script, and not where the birth is another", async () => {
    await goTo(page, `${family}/persone`);
    await page.getByRole("button", { name: "Aggiungi una persona" }).click();
    await page.getByLabel("Nome nella sua scrittura").fill("Шевченко Олександр");
    await expect(known(page)).toContainText(/Oleksandr Shevchenko, famiglia /);
    await expect(known(page).getByRole("link")).toHaveAttribute("href", `${beside}/persone`);
    await page.getByLabel("Data di nascita").fill("1990-11-03");
    await expect(known(page)).toHaveCount(0);
    await page.getByLabel("Data di nascita").fill("1983-05-12");
    await expect(known(page)).toBeVisible();
  });

  await test.step("it keeps nobody from saving; then it is told in both families", async () => {
    await page.getByLabel("Nome in lettere latine").fill("Olexandr Shevchenko");
    await page.getByRole("button", { name: "Salva", exact: true }).click();
    await expect(members(page, /Olexandr Shevchenko/)).toHaveCount(1);
    await expect(elsewhere(page)).toHaveCount(1);
    await goTo(page, `${beside}/persone`);
    await expect(elsewhere(page)).toHaveCount(1);
  });

  await test.step("a person says no, takes it back and says it again", async () => {
    await goTo(page, `${family}/persone`);
    await sayNo(page);
    await page.getByRole("button", { name: "Annulla" }).click();
    await expect(elsewhere(page)).toHaveCount(1);
    await sayNo(page);
    await goTo(page, `${beside}/persone`);
    await expect(members(page, /Oleksandr Shevchenko/)).toHaveCount(1);
    await expect(elsewhere(page)).toHaveCount(0);
  });

  expect(phone.errors).toEqual([]);
});

test("a goal that one takes out while the other changes it stays, until one tap settles it", async ({ server, device }) => {
  const [first, second] = [device(), device()];
  const one = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  const family = await familyPath(one);
  await addGoal(one, family);
  await exchange(one, other);
  await hasGoal(other, family);

  await test.step("one takes it out, and could take that back", async () => {
    await server.stop();
    await openGoalOf(one, family);
    await takeOut(one);
    await expect(one.getByText(`«${WORDS}» tolto. Resta nel Diario.`)).toBeVisible();
    await expect(one.locator("article.goal").filter({ hasText: WORDS })).toHaveCount(0);
    await one.getByRole("button", { name: "Annulla" }).click();
    await expect(one.getByText("Tutto come prima.")).toBeVisible();
    await openGoalOf(one, family);
    await takeOut(one);
    await goTo(one, `${family}/diario`);
    await expect(one.getByText(`Tolto: ${WORDS}`).first()).toBeVisible();
  });

  await test.step("the other, who knows nothing of it, writes its next step", async () => {
    await openGoalOf(other, family);
    await other.getByLabel("Prossimo passo").first().fill(STEP);
    await other.getByRole("button", { name: "Salva l’obiettivo" }).click();
    await expect(other.getByText("Obiettivo salvato. Sul telefono.")).toBeVisible();
    await server.start();
    await exchange(one, other);
  });

  await test.step("it is on both phones, with its new step, and both are told", async () => {
    for (const page of [one, other]) {
      await goTo(page, family);
      await expect(page.getByText(STEP).first()).toBeVisible();
      await goTo(page, "/da-sistemare");
      await expect(page.getByText(KEPT)).toHaveCount(1);
    }
  });

  await test.step("one tap lets it stay", async () => {
    await other.getByRole("button", { name: `Tieni: ${WORDS}` }).click();
    await expect(other.getByText(`«${WORDS}» resta.`)).toBeVisible();
    await exchange(other, one);
    for (const page of [one, other]) {
      await goTo(page, "/da-sistemare");
      await expect(page.getByText(KEPT)).toHaveCount(0);
      await goTo(page, family);
      await expect(page.getByText(STEP).first()).toBeVisible();
    }
  });

  await test.step("taken out for good, it can be brought back from the diary", async () => {
    await openGoalOf(one, family);
    await takeOut(one);
    await goTo(one, `${family}/diario`);
    await one.getByRole("button", { name: "Riporta nella lista" }).first().click();
    await goTo(one, family);
    await expect(one.getByText(STEP).first()).toBeVisible();
  });

  expect([...first.errors, ...second.errors]).toEqual([]);
});

test("two phones move different goals, and both moves hold", async ({ server, device }) => {
  const [first, second] = [device(), device()];
  const one = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  const family = await familyPath(one);
  const before = await order(one, family);
  expect(before.length).toBeGreaterThan(2);
  await server.stop();
  // The second goes up, and on the other phone the last goes up.
  await move(one, "Su", 1);
  await order(other, family);
  await move(other, "Su", before.length - 1);
  await server.start();
  await exchange(one, other);
  // What was heard is on the screen once it is on the disk.
  let here: string[] = [];
  await expect(async () => {
    here = await order(one, family);
    expect(here).toEqual(await order(other, family));
  }).toPass({ timeout: 30_000 });
  const at = (name: string | undefined): number => here.indexOf(name ?? "");
  expect(at(before.at(1))).toBeLessThan(at(before.at(0)));
  expect(at(before.at(-1))).toBeLessThan(at(before.at(-2)));
  for (const page of [one, other]) {
    await goTo(page, "/da-sistemare");
    await expect(page.getByRole("heading", { name: "Ordine" })).toHaveCount(0);
  }
  expect([...first.errors, ...second.errors]).toEqual([]);
});

/** The goals in their order, by the family's words, in the list that puts them in order. */
async function order(page: Page, family: string): Promise<string[]> {
  await goTo(page, "/famiglie");
  await goTo(page, family);
  await page.getByRole("button", { name: "Cambia l’ordine" }).click();
  return rows(page).locator(".rowlink__note").allInnerTexts();
}

async function move(page: Page, way: "Su" | "Giù", at: number): Promise<void> {
  await rows(page).nth(at).getByRole("button", { name: new RegExp(`^${way}: `) }).click();
  await expect(page.getByText(/ora è al posto \d+\./)).toBeVisible();
}

function rows(page: Page): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("button", { name: /^Giù: / }) });
}

/** The card that asks whether two are one. */
function perhaps(page: Page): Locator {
  return page.locator("section.versus").filter({ hasText: "Forse è la stessa persona" });
}

/** What is told of another family while a new person is written down. */
function known(page: Page): Locator {
  return page.locator("form .notice").filter({ hasText: "Forse c’è già" });
}

/** What is told of another family beside the people of this one. */
function elsewhere(page: Page): Locator {
  return page.locator(".notice").filter({ hasText: "forse è anche nella famiglia" }).filter({ hasText: "Shevchenko" });
}

async function sayNo(page: Page): Promise<void> {
  await elsewhere(page).getByRole("button", { name: /^Non è la stessa persona: / }).click();
  await expect(elsewhere(page)).toHaveCount(0);
}

/** The address of a family other than this one. */
async function familyBeside(page: Page, family: string): Promise<string> {
  await goTo(page, "/famiglie");
  const cards = page.getByRole("link").filter({ has: page.getByRole("heading", { level: 3 }) });
  await expect(cards.nth(1)).toBeVisible();
  const paths = await cards.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const path = paths.find((one) => one !== null && one !== family);
  if (path === null || path === undefined) throw new Error("there is one family only");
  return path;
}
