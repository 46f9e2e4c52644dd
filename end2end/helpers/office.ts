// What the office does at its desk, as somebody there does it.
import { type Page, expect } from "@playwright/test";
import { ADMINISTRATOR, COORDINATOR, type Person, signIn } from "./people.ts";
import type { Phone } from "./phone.ts";
import type { MakeDevice } from "./test.ts";

export async function atTheOffice(device: MakeDevice, person: Person): Promise<Page> {
  const page = await device("desk").open("/accesso");
  await signIn(page, person);
  await page.waitForURL("**/ufficio/**");
  return page;
}

/** The office gives a family from one mediator to another. */
export async function giveTo(desk: Phone, family: string, from: Person, to: Person): Promise<void> {
  const page = await atTheOffice(() => desk, COORDINATOR);
  const scope = family.split("/").at(-1) ?? "";
  for (;;) {
    const now = page.locator("select[name=tutor] option[selected]", { hasText: from.name });
    const row = page
      .locator("form.assign")
      .filter({ has: page.locator(`input[value="${scope}"]`) })
      .filter({ has: now });
    if ((await row.count()) > 0) {
      await row.locator("select").first().selectOption({ label: to.name });
      await row.getByRole("button", { name: "Assegna" }).click();
      await expect(page.locator("main .notice")).toBeVisible();
      return;
    }
    await page.getByRole("link", { name: "Successiva" }).click();
    await page.waitForLoadState();
  }
}

/** The administrator revokes the one phone that somebody has. */
export async function revokePhone(desk: Phone, owner: Person): Promise<void> {
  const page = await atTheOffice(() => desk, ADMINISTRATOR);
  await page.goto("/ufficio/telefoni");
  const row = page.getByRole("row", { name: owner.name });
  await row.getByRole("button", { name: /^Revoca/ }).click();
  await expect(row).toContainText("Revocato");
}
