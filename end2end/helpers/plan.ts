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
  await expect(page.getByText(both("Nota salvata. Sul telefono.", "Note saved. On this phone."))).toBeVisible();
}
