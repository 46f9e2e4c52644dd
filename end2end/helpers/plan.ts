// What several journeys do with a plan, found by role and by the words on the screen.
import { type Locator, type Page, expect } from "@playwright/test";
import { goTo } from "./phone.ts";

export async function openGoal(page: Page, family: string): Promise<Locator> {
  await goTo(page, family);
  await page.getByRole("link", { name: /^Cambia/ }).first().click();
  return page.getByLabel("Entro quando", { exact: true }).first();
}

export async function setGoalDate(page: Page, family: string, date: string): Promise<void> {
  await (await openGoal(page, family)).fill(date);
  await page.getByRole("button", { name: "Salva l’obiettivo" }).click();
  await expect(page.getByText("Obiettivo salvato. Sul telefono.")).toBeVisible();
}

/** Asks for an exchange now instead of waiting for the next one. */
export async function sendNow(page: Page): Promise<void> {
  await goTo(page, "/altro");
  await page.getByRole("button", { name: "Prova a inviare adesso" }).click();
}
