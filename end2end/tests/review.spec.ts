// A plan that goes back: the social worker says why, the mediator reads it and tries again.
import { type Page, expect } from "@playwright/test";
import { askNow } from "../helpers/lists.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { propose, setGoalDate } from "../helpers/plan.ts";
import { openReview } from "../helpers/review.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WHY = "Il secondo obiettivo è di tre persone insieme: dividiamolo.";
const WHEN = "Vediamoci con Amina giovedì, prima del colloquio.";

test("a plan is returned with a comment, then a meeting is asked for", async ({ server, device }) => {
  const samira = device();
  const elena = device("desk");
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);
  await propose(page, family);
  await everythingSent(page);

  const desk = await enterFirstTime(elena, ELENA);
  await test.step("returning needs a reason", async () => {
    await openReview(desk, family);
    await desk.getByRole("button", { name: "Restituisci" }).click();
    await expect(desk.getByText("Scrivi perché: serve a chi segue la famiglia.")).toBeVisible();
    await desk.getByLabel("Commento per Samira Belhadj").fill(WHY);
    await desk.getByRole("button", { name: "Restituisci" }).click();
    await expect(desk.getByText("Piano restituito con il tuo commento.")).toBeVisible();
    await goTo(desk, "/famiglie");
    await everythingSent(desk);
  });

  await test.step("the mediator reads why, today and in the plan", async () => {
    await askNow(page);
    await everythingSent(page);
    await goTo(page, "/oggi");
    await expect(page.getByText(WHY)).toBeVisible();
    await goTo(page, family);
    await expect(page.getByText(WHY)).toBeVisible();
  });

  await test.step("she changes the plan and proposes it again, and a meeting is asked for", async () => {
    await setGoalDate(page, family, "2027-06-15");
    await propose(page, family);
    await everythingSent(page);
    await askNow(desk);
    await everythingSent(desk);
    // Once the new version is there.
    await openReview(desk, family);
    await compareVersions(desk, family);
    await openReview(desk, family);
    await desk.getByLabel("Commento per Samira Belhadj").fill(WHEN);
    await desk.getByLabel("Il commento riguarda").selectOption({ index: 1 });
    await desk.getByRole("button", { name: "Chiedi un incontro" }).click();
    await expect(desk.locator(".toast")).toContainText("Incontro chiesto.");
    await goTo(desk, "/famiglie");
    await everythingSent(desk);
    await askNow(page);
    await everythingSent(page);
    await goTo(page, "/oggi");
    await expect(page.getByText(WHEN)).toBeVisible();
    await goTo(page, family);
    await expect(page.getByText(/^Elena Rossetti ha scritto su «.+»:$/)).toBeVisible();
  });

  expect([...samira.errors, ...elena.errors]).toEqual([]);
  expect(server.log).not.toContain(WHY);
});

/** What she returned beside what came back, and beside what the family had agreed to before. */
async function compareVersions(desk: Page, family: string): Promise<void> {
  await goTo(desk, family);
  await desk.getByRole("link", { name: "Confronta le versioni" }).click();
  await expect(desk.getByRole("heading", { name: "Le versioni del piano" })).toBeVisible();
  const differences = desk.locator(".changes").first().getByRole("listitem");
  await expect(differences).toHaveCount(1);
  await expect(differences).toContainText("15 giugno");
  const [earlier, later] = [desk.getByLabel("Versione di prima"), desk.getByLabel("Versione di dopo")];
  await earlier.selectOption({ index: 0 });
  await expect(differences).not.toHaveCount(1);
  await expect(differences.filter({ hasText: "15 giugno" })).toHaveCount(1);
  await earlier.selectOption(await later.inputValue());
  await expect(desk.getByText("Hai scelto due volte la stessa: cambiane una.")).toBeVisible();
  await expect(desk.getByText(/^Restituita da Elena Rossetti /)).toBeVisible();
  await expect(desk.getByRole("blockquote").filter({ hasText: WHY })).toBeVisible();
}
