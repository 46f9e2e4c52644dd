// The app comes in two files: what the first screen needs, and the screens behind the PIN. The
// second may not arrive; then a sentence says so, and the way on is open.
import { type Page, expect } from "@playwright/test";
import { PIN, SAMIRA, opened, signIn, typePin } from "../helpers/people.ts";
import type { Phone } from "../helpers/phone.ts";
import { test } from "../helpers/test.ts";

const SCREENS = "**/pkg/split_*.wasm";

test("the first screen does not wait for the screens behind it", async ({ device }) => {
  const phone = device();
  const page = await withoutWorker(phone);
  let arrive = (): void => {};
  const arriving = new Promise<void>((resolve) => (arrive = resolve));
  await page.context().route(SCREENS, async (route) => {
    await arriving;
    await route.continue();
  });
  await signIn(page, SAMIRA);
  await choose(page);
  await expect(page.getByRole("heading", { name: "Scegli il tuo PIN" })).toBeVisible();
  const slow = page.getByText("Una parte di Percorso sta ancora arrivando.");
  await expect(slow).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".app")).toHaveCount(0);
  arrive();
  await opened(page);
  await expect(slow).toHaveCount(0);
  expect(phone.errors).toEqual([]);
});

test("screens that do not arrive are asked for again, and nothing is lost", async ({ device }) => {
  const phone = device();
  const page = await withoutWorker(phone);
  await page.context().route(SCREENS, (route) => route.abort());
  await signIn(page, SAMIRA);
  await choose(page);
  const missing = page.getByRole("heading", { name: "Manca una parte di Percorso" });
  await expect(missing).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Riprova" }).click();
  await expect(missing).toBeVisible();
  await page.getByRole("link", { name: "Ricarica la pagina" }).click();
  await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
  await page.context().unroute(SCREENS);
  await typePin(page, PIN);
  await opened(page);
  expect(phone.errors).toEqual([]);
});

/** A phone whose browser has no service worker, as in a private window: nothing is kept. */
async function withoutWorker(phone: Phone): Promise<Page> {
  const page = await phone.open("/accesso");
  await page.context().addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, "serviceWorker");
  });
  return page;
}

async function choose(page: Page): Promise<void> {
  await page.getByLabel("PIN o frase segreta", { exact: true }).fill(PIN);
  await page.getByLabel("Ancora una volta", { exact: true }).fill(PIN);
  await page.getByRole("button", { name: "Usa questo PIN" }).click();
}
