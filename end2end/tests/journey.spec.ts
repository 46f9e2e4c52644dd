// The main job, done as a person does it: a plan followed without any network reaches the social
// worker once, and her answer comes back. The server is a stopped process, the phone a killed one.
import { type Locator, type Page, expect } from "@playwright/test";
import { askNow, exchange } from "../helpers/lists.ts";
import {
  ELENA,
  HARPREET,
  SAMIRA,
  enterFirstTime,
  everythingSent,
  unlock,
} from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { openGoal, setGoalDate } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { RATED, recordAnswer, recordVisit } from "../helpers/visit.ts";

const SUMMARY = "Amina ha parlato da sola con la maestra, per due minuti.";
const ACCEPTED: unknown = expect.stringMatching(/^\{"accepted":\d+\}$/);
const STEP = "Amina chiede il colloquio sul diario di Youssef";
const BEFORE = "Amina fa un colloquio a scuola senza interprete.";
const ALONE = "Amina fa il colloquio con la maestra da sola.";
const TOGETHER = "Amina e Mohamed fanno il colloquio insieme.";
const SLOWLY = "La maestra parla piano.";

test("a plan followed offline reaches the social worker, and her answer comes back", async ({ server, device }) => {
  const samira = device("phone", { isTimed: true });
  let page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);

  await test.step("no server, and the phone starts cold at the family's address", async () => {
    await readyForNoNetwork(page);
    // In good order: a browser writes its cookies to disk only every half minute.
    await samira.close();
    await server.stop();
    page = await samira.open(family);
    await unlock(page);
    await expect(page.getByRole("heading", { name: /Famiglia .*Hassan/ })).toBeVisible();
  });

  await test.step("she records the visit, with progress on a goal", async () => {
    await recordVisit(page, { present: /Amina/, step: STEP, summary: SUMMARY });
  });

  await test.step("she changes the goal's date, and the family agrees to the new plan", async () => {
    await setGoalDate(page, family, "2027-03-15");
    await goTo(page, family);
    const notAgreed = page.getByText("Cambiato, non ancora concordato");
    await expect(page.getByRole("article").first().locator(notAgreed)).toBeVisible();
    await page.getByRole("button", { name: "Proponi alla famiglia" }).click();
    await expect(page.getByText("Piano proposto. Sul telefono.")).toBeVisible();
    await recordAnswer(page, /Amina/, SAMIRA.name);
    await expect(notAgreed).toHaveCount(0);
  });

  let written = 0;
  await test.step("the battery dies; everything is there when she comes back", async () => {
    await expect(pill(page)).toHaveText(/^\d+ sul telefono$/);
    written = Number.parseInt(await pill(page).innerText(), 10);
    await samira.kill();
    page = await samira.open(`${family}/diario`);
    await unlock(page);
    await expect(page.getByText(SUMMARY)).toBeVisible();
    await expect(entry(page, SUMMARY).getByText("Sul telefono")).toBeVisible();
    await expect(entry(page, SUMMARY)).toContainText(RATED);
    await expectProgress(page, family);
    await expectGoalDate(page, family, "2027-03-15");
  });

  await test.step("the server is back: everything is sent by itself", async () => {
    await server.start();
    await samira.findNetwork();
    await everythingSent(page);
    await goTo(page, `${family}/diario`);
    await expect(entry(page, SUMMARY).getByText("Accettato")).toBeVisible();
  });

  await test.step("each change went over the wire once, and the server took it once", async () => {
    const sent = await samira.traffic.sent();
    expect(sent).toHaveLength(written);
    expect(new Set(sent).size).toBe(written);
    for (const op of sent) expect(samira.traffic.outcomes.get(op)).toEqual([ACCEPTED]);
  });

  await test.step("the same request once more is answered with the same receipts", async () => {
    for (const { ops, body, headers } of samira.traffic.deliveries) {
      const reply = await samira.context.request.post(`${server.origin}/api/v1/sync`, {
        headers: { ...headers },
        data: body,
      });
      const { receipts } = (await reply.json()) as { receipts: { op: string; outcome: unknown }[] };
      expect(receipts.map((receipt) => receipt.op)).toEqual(ops);
      for (const { op, outcome } of receipts) {
        expect([JSON.stringify(outcome)]).toEqual(samira.traffic.outcomes.get(op));
      }
    }
  });

  const elena = device("desk");
  const desk = await enterFirstTime(elena, ELENA);

  await test.step("the social worker reads it once, and approves what she read", async () => {
    await goTo(desk, `${family}/diario`);
    await expect(desk.getByText(SUMMARY)).toHaveCount(1);
    await expect(entry(desk, SUMMARY)).toContainText(RATED);
    for (const op of await samira.traffic.sent()) expect(elena.traffic.received.get(op)).toBe(1);
    await expectProgress(desk, family);
    await goTo(desk, "/da-rivedere");
    await desk.locator(`a[href="${family.replace("famiglia", "da-rivedere")}"]`).first().click();
    await expect(desk.getByText("15 marzo 2027").first()).toBeVisible();
    await desk.getByRole("button", { name: /^Approva versione \d+$/ }).click();
    await expect(desk.getByText("Piano approvato.")).toBeVisible();
    await goTo(desk, "/famiglie");
    await everythingSent(desk);
  });

  await test.step("the mediator sees that she looked, and that she approved", async () => {
    await askNow(page);
    await goTo(page, `${family}/diario`);
    await expect(entry(page, SUMMARY).getByText(/^Visto, n\. \d+$/)).toBeVisible();
    await goTo(page, family);
    await expect(page.getByText(/Approvata da Elena Rossetti/).first()).toBeVisible();
  });

  expect([...samira.errors, ...elena.errors]).toEqual([]);
  expect(server.log).not.toContain(SUMMARY);
});

test("two phones change one date without knowing of each other: both stay, a person chooses", async ({ server, device }) => {
  const [first, second] = [device(), device()];
  const one = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  const family = await familyPath(one);
  // In the afternoon another family's visit is the next, and comes first.
  await goTo(other, family);
  await expect(other.getByRole("link", { name: /^Cambia/ }).first()).toBeVisible();
  await server.stop();
  await setGoalDate(one, family, "2027-04-10");
  await setGoalDate(other, family, "2027-05-20");
  await server.start();
  await askNow(one);
  await everythingSent(one);
  await askNow(other);
  await everythingSent(other);
  await askNow(one);

  for (const page of [one, other]) {
    await goTo(page, "/da-sistemare");
    await expect(page.getByText("10 aprile 2027", { exact: true })).toBeVisible();
    await expect(page.getByText("20 maggio 2027", { exact: true })).toBeVisible();
  }
  await one.getByRole("button", { name: /Vale questa.*20 maggio 2027/ }).click();
  await expect(one.getByText(/^Vale «20 maggio 2027»\./)).toBeVisible();
  await askNow(one);
  await everythingSent(one);
  await askNow(other);
  for (const page of [one, other]) {
    await goTo(page, "/da-sistemare");
    await expect(page.getByText("10 aprile 2027", { exact: true })).toBeHidden();
    await expectGoalDate(page, family, "2027-05-20");
    await goTo(page, `${family}/diario`);
    await page.getByRole("link", { name: "Storia" }).click();
    const story = page.getByRole("group").filter({ hasText: "10 aprile 2027" });
    await story.getByText(/^Obiettivo «/).click();
    const write = (date: string) => story.getByRole("listitem").filter({ hasText: date });
    await expect(write("10 aprile 2027")).toContainText("Prima");
    await expect(write("20 maggio 2027").filter({ hasText: "Vale adesso" })).toHaveCount(1);
  }
  expect([...first.errors, ...second.errors]).toEqual([]);
});

test("two people rewrite one paragraph without knowing of each other: both are read, one tap settles it", async ({
  server,
  device,
}) => {
  const [first, second] = [device(), device()];
  const one = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, HARPREET);
  const family = await familyPath(one);
  // Both begin with the same text, of one paragraph.
  for (const page of [one, other]) await expect(await openExpected(page, family)).toHaveValue(BEFORE);

  await test.step("both write something else in its place, one of them a line more", async () => {
    await server.stop();
    await setExpected(one, family, ALONE);
    await setExpected(other, family, `${TOGETHER}\n${SLOWLY}`);
    await server.start();
    await exchange(one, other);
  });

  await test.step("on both phones both are read, each with its author and the hour", async () => {
    for (const [page, alone, together] of [
      [one, "Tu", HARPREET.name],
      [other, SAMIRA.name, "Tu"],
    ] as const) {
      await goTo(page, "/oggi");
      const fix = page.getByRole("region", { name: /^Da sistemare/ });
      await fix.getByRole("link", { name: /Due risposte diverse.*Famiglia Hassan/ }).click();
      await expect(marked(page, ALONE)).toContainText(wrote(alone));
      await expect(marked(page, TOGETHER)).toContainText(wrote(together));
      // What only one of them wrote needs no choice.
      await expect(disputed(page).getByText(SLOWLY, { exact: true })).toBeVisible();
      await expect(marked(page, SLOWLY)).toHaveCount(0);
      await expect(disputed(page).getByRole("button", { name: /^Vale questa: / })).toHaveCount(2);
    }
  });

  await test.step("one tap settles it: one text stands on both, with the line of the other", async () => {
    await disputed(other).getByRole("button", { name: `Vale questa: ${ALONE}` }).click();
    await expect(disputed(other)).toHaveCount(0);
    await exchange(other, one);
    for (const page of [one, other]) {
      await goTo(page, "/da-sistemare");
      await expect(page.getByRole("heading", { level: 1, name: "Da sistemare" })).toBeVisible();
      await expect(disputed(page)).toHaveCount(0);
      await expect(await openExpected(page, family)).toHaveValue(`${ALONE}\n${SLOWLY}`);
      await goTo(page, `${family}/diario`);
      await page.getByRole("link", { name: "Storia" }).click();
      const story = page.getByRole("group").filter({ hasText: TOGETHER });
      await story.getByText(/^Obiettivo «/).click();
      await expect(story.getByRole("listitem").filter({ hasText: TOGETHER })).toContainText("Prima");
    }
  });
  expect([...first.errors, ...second.errors]).toEqual([]);
});

/** Waits until the browser keeps the app: from then on it opens without a server. */
async function readyForNoNetwork(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

async function expectGoalDate(page: Page, family: string, date: string): Promise<void> {
  await expect(await openGoal(page, family)).toHaveValue(date);
}

/** Opens the first goal, of which the expected result is a text that merges by paragraph. */
async function openExpected(page: Page, family: string): Promise<Locator> {
  await openGoal(page, family);
  return page.getByLabel("Risultato atteso").first();
}

async function setExpected(page: Page, family: string, words: string): Promise<void> {
  await (await openExpected(page, family)).fill(words);
  await page.getByRole("button", { name: "Salva l’obiettivo" }).click();
  await expect(page.getByText("Obiettivo salvato. Sul telefono.")).toBeVisible();
}

/** The card of the expected result, while it waits for a choice. */
function disputed(page: Page): Locator {
  const heading = page.getByRole("heading", { name: "Risultato atteso" });
  return page.locator("section.versus").filter({ has: heading });
}

/** A paragraph that both changed, as one of them wrote it. */
function marked(page: Page, words: string): Locator {
  const mark = page.locator("mark").filter({ hasText: words });
  return disputed(page).getByRole("paragraph").filter({ has: mark });
}

function wrote(name: string): RegExp {
  return new RegExp(`${name} · (oggi|ieri) \\d+:\\d{2}$`);
}

/** What was said of the goal at the visit stands on its card: both ratings and the next step. */
async function expectProgress(page: Page, family: string): Promise<void> {
  await goTo(page, family);
  const goal = page.getByRole("article", { name: /^1\. / });
  for (const said of ["Famiglia: Più del previsto.", "Tutor: Come previsto."]) {
    await expect(goal.getByRole("listitem").filter({ hasText: said })).toBeVisible();
  }
  await expect(goal.getByText(STEP)).toBeVisible();
}

function entry(page: Page, words: string): Locator {
  return page.getByRole("listitem").filter({ hasText: words }).first();
}

function pill(page: Page): Locator {
  return page.locator("a.sending").first();
}
