// What several journeys do with a plan, found by role and by the words on the screen.
import { type Locator, type Page, expect } from "@playwright/test";
import { goTo } from "./phone.ts";
import { both } from "./words.ts";

export async function openGoal(page: Page, family: string): Promise<Locator> {
  await goTo(page, family);
  await page.getByRole("link", { name: /^(Cambia|Change)/ }).first().click();
  return page.getByLabel(both("Entro quando", "By when")).first();
}

export async function setGoalDate(page: Page, family: string, date: string): Promise<void> {
  await (await openGoal(page, family)).fill(date);
  await page.getByRole("button", { name: both("Salva l’obiettivo", "Save the goal") }).click();
  const saved = both("Obiettivo salvato. Sul telefono.", "Goal saved. On this phone.");
  await expect(page.getByText(saved)).toBeVisible();
}

/** The card of a goal, by what the family said of it. */
export function goalCard(page: Page, said: string): Locator {
  return page.locator("article.goal").filter({ hasText: said });
}

/** Opens a goal by what the family said of it; on a phone its card may be folded. */
export async function openGoalSaid(page: Page, family: string, said: string): Promise<void> {
  await goTo(page, family);
  const card = goalCard(page, said);
  const link = card.getByRole("link", { name: /^(Cambia|Change)/ });
  await expect(card).toBeVisible();
  if (!(await link.isVisible())) await card.getByRole("button").first().click();
  await link.click();
}

/** Puts the plan as it stands before the family. */
export async function propose(page: Page, family: string): Promise<void> {
  await goTo(page, family);
  await page.getByRole("button", { name: both("Proponi alla famiglia", "Propose to the family") }).click();
  const proposed = both("Piano proposto. Sul telefono.", "Plan proposed. On this phone.");
  await expect(page.getByText(proposed)).toBeVisible();
}

/** Asks for an exchange now instead of waiting for the next one. */
export async function sendNow(page: Page): Promise<void> {
  await goTo(page, "/altro");
  const send = both("Prova a inviare adesso", "Try to send now");
  await page.getByRole("button", { name: send }).click();
}

export async function writeNote(page: Page, family: string, words: string): Promise<void> {
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: both("Nuova nota", "New note") }).first().click();
  await page.getByLabel(both("Che cosa vuoi ricordare", "What you want to remember")).fill(words);
  await page.getByRole("button", { name: both("Salva", "Save") }).first().click();
  // Not the toast: that of an earlier note may still stand.
  await expect(page.getByRole("listitem").filter({ hasText: words })).toBeVisible();
}
