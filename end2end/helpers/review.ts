// A version before the social worker, as she gets to it.
import { type Page, expect } from "@playwright/test";
import { goTo } from "./phone.ts";

/** Opens a family of the queue whose version waits for her decision. */
export async function openReview(desk: Page, family: string): Promise<void> {
  // Who proposed it is called by name once the colleagues' names have arrived.
  await expect(async () => {
    await goTo(desk, "/da-rivedere");
    await desk.locator(`a[href="${family.replace("famiglia", "da-rivedere")}"]`).first().click();
    const comment = desk.getByLabel("Commento per Samira Belhadj");
    await expect(comment).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 45_000 });
  await expect(desk.getByRole("button", { name: /^Approva versione \d+$/ })).toBeVisible();
}
