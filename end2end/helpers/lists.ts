// What two people do to one list: they add the same person, take out and change the same goal.
import { type Locator, type Page, expect } from "@playwright/test";
import { everythingSent } from "./people.ts";
import { goTo } from "./phone.ts";
import { goalCard, openGoalSaid, sendNow } from "./plan.ts";
import { isSync } from "./traffic.ts";

/** What the family says of the goal that is added. */
export const WORDS = "Vorrei un orto sul balcone.";

/** The first sends, the second sends and hears, the first hears. */
export async function exchange(one: Page, other: Page): Promise<void> {
  for (const page of [one, other, one]) {
    await askNow(page);
    await everythingSent(page);
  }
}

/** Asks the server, and waits for an answer to a question that was put after the others spoke:
 * where one was open already, another is put. */
export async function askNow(page: Page): Promise<void> {
  await expect(async () => {
    const asked = page.waitForRequest(isSync, { timeout: 3_000 });
    await Promise.all([asked, sendNow(page)]);
    await (await (await asked).response())?.finished();
  }).toPass({ timeout: 30_000 });
}

/** Asks until the goal that somebody else has written is here, too: what comes next begins with it. */
export async function hasGoal(page: Page, family: string): Promise<void> {
  await expect(async () => {
    await askNow(page);
    await goTo(page, family);
    await expect(goalCard(page, WORDS)).toHaveCount(1, { timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
}

export async function addMember(page: Page, family: string, name: string, birth: string): Promise<void> {
  await goTo(page, `${family}/persone`);
  await page.getByRole("button", { name: "Aggiungi una persona" }).click();
  await page.getByLabel("Nome in lettere latine").fill(name);
  await page.getByLabel("Data di nascita").fill(birth);
  await page.getByRole("button", { name: "Salva", exact: true }).click();
  await expect(page.getByText("Dati salvati. Sul telefono.")).toBeVisible();
  await expect(members(page, new RegExp(name))).toHaveCount(1);
}

export async function addGoal(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/obiettivo/nuovo`);
  // Chips are pressed on their words, as a thumb does.
  await page.locator("label").filter({ hasText: "Casa" }).first().click();
  await page.getByLabel("In italiano").fill(WORDS);
  await page.getByLabel("Risultato atteso").first().fill("Tre piante sul balcone.");
  await page.getByRole("button", { name: "Salva l’obiettivo" }).click();
  await expect(page.getByText("Obiettivo salvato. Sul telefono.")).toBeVisible();
}

/** Opens the goal that the journey wrote: the last of the family's. */
export async function openGoalOf(page: Page, family: string): Promise<void> {
  await openGoalSaid(page, family, WORDS);
  await expect(page.getByRole("button", { name: "Togli l’obiettivo" })).toBeVisible();
}

export function members(page: Page, name: RegExp): Locator {
  return page.locator("article.member").filter({ hasText: name });
}

/** By the keyboard: the last words of the phone may lie over the lower edge. */
export async function takeOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Togli l’obiettivo" }).press("Enter");
}
