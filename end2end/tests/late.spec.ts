// The app comes in two files: what the first screen needs, and the screens behind the PIN. The
// second may not arrive; then a sentence says so, and the way on is open. Families come one after
// the other, and the first is there to be worked with.
import { type Page, expect } from "@playwright/test";
import { PIN, SAMIRA, everythingSent, opened, signIn, typePin } from "../helpers/people.ts";
import { type Phone, goTo } from "../helpers/phone.ts";
import { writeNote } from "../helpers/plan.ts";
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

test("the first family can be worked with while the others are on their way", async ({ device }) => {
  const phone = device();
  const page = await withoutWorker(phone);
  let arrive = (): void => {};
  const arriving = new Promise<void>((resolve) => (arrive = resolve));
  let answers = 0;
  await page.context().route("**/api/v1/sync", async (route) => {
    answers += 1;
    if (answers > 1) await arriving;
    await route.continue();
  });
  await signIn(page, SAMIRA);
  await choose(page);
  await opened(page);
  await expect(page.getByText(/^1 di [1-9]\d* famiglie\./)).toBeVisible();
  await goTo(page, "/famiglie");
  const cards = page.getByRole("link").filter({ has: page.getByRole("heading", { level: 3 }) });
  await expect(cards).toHaveCount(1);
  const family = new URL((await cards.getAttribute("href")) ?? "", page.url()).pathname;
  await writeNote(page, family, "Scritto mentre le altre arrivavano.");
  await goTo(page, "/famiglie");
  await expect(cards, "the others have not come meanwhile").toHaveCount(1);
  arrive();
  await everythingSent(page);
  await expect(page.getByText(/^1 di [1-9]\d* famiglie\./)).toHaveCount(0);
  expect(await cards.count()).toBeGreaterThan(1);
  await goTo(page, `${family}/diario`);
  await expect(page.getByText("Scritto mentre le altre arrivavano.")).toBeVisible();
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
