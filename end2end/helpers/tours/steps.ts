// What several tours do on a screen, and the ways to it.
import type { Locator, Page } from "@playwright/test";
import { goTo } from "../phone.ts";
import { familyPath } from "../screens.ts";
import { both } from "../words.ts";

/** Where something of the demonstration's family is: its path and what comes after it. */
export const of = (rest: string) => async (page: Page) => `${await familyPath(page)}${rest}`;

export async function press(page: Page, italian: string, english: string): Promise<void> {
  await page.getByRole("button", { name: both(italian, english) }).first().click();
}

export function heading(page: Page, italian: string, english: string): Locator {
  return page.getByRole("heading", { name: both(italian, english) });
}

export function group(page: Page, italian: string, english: string): Locator {
  return page.getByRole("group", { name: both(italian, english) });
}

/** Chips are pressed on their words, as a thumb does. */
export async function tap(chips: Locator, words: string | RegExp): Promise<void> {
  await chips.locator("label").filter({ hasText: words }).first().click();
}

/** Unfolds what can be done with the whole plan. */
export async function openMoves(page: Page): Promise<void> {
  const moves = both("Cambia lo stato del piano", "Change the state of the plan");
  await page.locator("summary").filter({ hasText: moves }).click();
}

export async function goalPath(page: Page): Promise<string> {
  await goTo(page, await familyPath(page));
  const link = page.locator('main a[href*="/obiettivo/"]').first();
  return (await link.getAttribute("href")) ?? "";
}
