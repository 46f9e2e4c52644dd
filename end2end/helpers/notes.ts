// Notes in a family's diary: the shortest thing that somebody writes.
import { type Locator, type Page, expect } from "@playwright/test";
import { goTo } from "./phone.ts";
import { both } from "./words.ts";

/** Where the words of a note are typed. */
export function noteField(page: Page): Locator {
  return page.getByLabel(both("Che cosa vuoi ricordare", "What you want to remember"));
}

/** Opens the form of a note, in the diary. */
export async function openNote(page: Page): Promise<void> {
  await page.getByRole("button", { name: both("Nuova nota", "New note") }).first().click();
}

/** Types a note in a family's diary and leaves it there. */
export async function typeNote(page: Page, family: string, words: string): Promise<void> {
  await goTo(page, `${family}/diario`);
  await openNote(page);
  await noteField(page).fill(words);
}

/** Saves a note and waits until the diary has it, with its receipt. */
export async function saveNote(page: Page, family: string, words: string): Promise<void> {
  await typeNote(page, family, words);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(diaryEntry(page, words)).toBeVisible();
}

/** Shows the whole diary: it begins with what is recent. */
export async function showAll(page: Page): Promise<void> {
  const more = page.getByRole("button", { name: "Mostra ancora" });
  while (await more.isVisible()) await more.click();
}

/** An entry of the diary that is open. */
export function diaryEntry(page: Page, words: string): Locator {
  return page.getByRole("listitem").filter({ hasText: words });
}

/** Waits until what is typed lies on the disk, as the app says. */
export async function draftKept(page: Page): Promise<void> {
  // The app writes what is typed after less than half a second.
  await page.waitForTimeout(2_000);
}

/** From now on the disk answers every read of one row with an error. */
export async function breakReading(page: Page): Promise<void> {
  await page.evaluate(() => {
    const store = IDBObjectStore.prototype;
    Object.assign(window, { reading: store.get });
    store.get = () => {
      throw new DOMException("no longer", "UnknownError");
    };
  });
}

/** The disk answers again. */
export async function mendReading(page: Page): Promise<void> {
  await page.evaluate(() => {
    IDBObjectStore.prototype.get = Reflect.get(window, "reading");
  });
}
