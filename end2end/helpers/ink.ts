// A signature, drawn on the glass as a finger draws it.
import type { Page } from "@playwright/test";

export async function sign(page: Page): Promise<void> {
  const pad = page.locator("svg.ink__pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error("there is no place to sign");
  await page.mouse.move(box.x + 30, box.y + 90);
  await page.mouse.down();
  for (let at = 0; at < 20; at += 1) {
    await page.mouse.move(box.x + 30 + at * 10, box.y + 90 + (at % 2 === 0 ? 25 : -25));
  }
  await page.mouse.up();
}
