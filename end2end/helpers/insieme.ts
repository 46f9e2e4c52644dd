// Insieme: how a tutor hands the phone to a family and takes it back, and what the family taps.
// Everything is found by role and by the Italian or Arabic words on the screen.
import { type Locator, type Page, expect } from "@playwright/test";
import { PIN, typePin } from "./people.ts";
import { goTo } from "./phone.ts";
import { both } from "./words.ts";

/** The heading over the way out. */
export const WAY_OUT = both("Per uscire serve il PIN", "The PIN lets you out");

/** The button that hands the phone over, for the first time or again. */
export const BEGIN = /^(Comincia insieme|Begin together|Riprendi Insieme|Go on together)$/;

/** Opens the tutor's half of Insieme for a family. */
export async function openTogether(page: Page, family: string): Promise<void> {
  await goTo(page, family);
  const names = both("Insieme alla famiglia", "Together with the family");
  const again = both("Riprendi Insieme", "Go on together");
  await page.getByRole("link", { name: names }).or(page.getByRole("link", { name: again })).click();
  await expect(page.getByRole("heading", { level: 1, name: names })).toBeVisible();
}

/** Hands the phone over, in the language that is chosen there or another one. */
export async function handOver(page: Page, language?: string): Promise<void> {
  if (language !== undefined) {
    await page.getByLabel(both("Lingua della famiglia", "The family’s language")).selectOption(language);
  }
  await page.getByRole("button", { name: BEGIN }).click();
  await expect(page.locator(".together")).toBeVisible();
}

/** The question that is open. */
export function question(page: Page): Locator {
  return page.locator(".together").getByRole("heading", { level: 1 });
}

/** Goes on to the next question. */
export async function goOn(page: Page): Promise<void> {
  await page.locator(".together__foot button").last().click();
}

/** Taps a choice of the open question, by its words in either language. */
export async function choose(page: Page, words: string): Promise<void> {
  await page.locator(".together__main label").filter({ hasText: words }).first().click();
}

/** Reads a version goal by goal and agrees to each of them, as far as the question who signs; before
 * the last goal is answered it is looked at. */
export async function agreeToAll(page: Page, look: () => Promise<void>): Promise<void> {
  const stops = page.locator(".stages li");
  await expect(stops.first()).toHaveAttribute("aria-current", "step");
  const goals = (await stops.count()) - 2;
  for (let goal = 0; goal < goals; goal += 1) {
    await expect(stops.nth(goal)).toHaveAttribute("aria-current", "step");
    if (goal === goals - 1) await look();
    await choose(page, "Sì, siamo d’accordo");
    await goOn(page);
  }
  await expect(page.locator(".ask")).toContainText("Volete firmare?");
}

/** Gives the phone back to the tutor, who types the PIN. */
export async function takeBack(page: Page, pin = PIN): Promise<void> {
  await page.locator(".together__bar button").click();
  await expect(page.getByRole("heading", { name: WAY_OUT })).toBeVisible();
  await typePin(page, pin);
}
