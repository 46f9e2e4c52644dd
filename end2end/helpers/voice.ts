// A voice note as somebody makes one and hears it.
import { type Page, expect } from "@playwright/test";

/** Begins to record where something can be attached. */
export async function speak(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Voce" }).click();
  await expect(page.getByText("Sto registrando")).toBeVisible();
}

/** Plays the one voice of a few seconds that is on the page, until the browser can go on with it. */
export async function hears(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Ascolta, 0:/ }).click();
  const player = page.locator("audio");
  const ready = (): Promise<number> =>
    player.evaluate((audio: HTMLAudioElement) => (audio.error === null ? audio.readyState : -1));
  await expect.poll(ready).toBeGreaterThanOrEqual(2);
}
