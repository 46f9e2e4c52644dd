// The browser erases what it keeps, all of it or a part: the app says what is lost and how much of
// it had not been sent, as far as anybody knows, and begins again.
import { type Page, expect } from "@playwright/test";
import { eraseCopies } from "../helpers/door.ts";
import { diaryEntry, saveNote } from "../helpers/notes.ts";
import {
  PIN,
  SAMIRA,
  choosePin,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { type Phone, goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import type { Server } from "../helpers/server.ts";
import { test } from "../helpers/test.ts";

const SENT = "Arrivata al server prima di tutto.";
const UNSENT = ["La scuola cerca un mediatore.", "Il corso comincia giovedì."];
const GONE = "La copia su questo telefono non c’è più";
const TWO_LOST = "2 cose non erano ancora partite: sono andate perse";
const NONE_LOST = "L’ultima volta tutto era già partito";
const WHO_KNOWS = "Quello che era solo su questo telefono è andato perso.";

for (const { what, unsent, beside, says } of [
  { what: "two unsent things", unsent: UNSENT, beside: [], says: TWO_LOST },
  { what: "nothing unsent", unsent: [], beside: ["cookies"], says: NONE_LOST },
  { what: "nobody knows what", unsent: UNSENT, beside: ["local_storage"], says: WHO_KNOWS },
]) {
  test(`a copy erased with ${what} says so, and comes back from the server`, async ({
    server,
    device,
  }) => {
    const phone = device();
    const family = await write(phone, server, unsent);
    const page = await phone.open("/oggi");
    await keypad(page);
    await eraseCopies(page);
    if (beside.length > 0) await phone.erase(...beside);
    await page.goto("/oggi");
    await typePin(page, PIN);
    await expect(page.getByText(GONE)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("al sicuro in ufficio")).toBeVisible();
    await expect(page.getByText(says)).toBeVisible();
    await server.start();
    await page.getByRole("button", { name: "Entra" }).click();
    await beginAnew(page, family);
  });
}

test("a store that is left alone opens with everything, whatever else was erased", async ({
  server,
  device,
}) => {
  const phone = device();
  const family = await write(phone, server, UNSENT);
  await server.start();
  let page = await phone.open("/robots.txt");
  await phone.erase("cookies", "local_storage", "cache_storage", "service_workers");
  page = await phone.open(`${family}/diario`);
  await unlock(page);
  for (const words of [SENT, ...UNSENT]) await expect(diaryEntry(page, words)).toHaveCount(1);
  await expect(page.locator("a.sending").first()).toHaveText("Accedi di nuovo: 2 da inviare");
  await goTo(page, "/oggi");
  const fix = page.getByRole("region", { name: /^Da sistemare/ });
  await fix.getByRole("button", { name: "Entra" }).click();
  await signIn(page, SAMIRA);
  await unlock(page);
  await everythingSent(page);
  await goTo(page, `${family}/diario`);
  for (const words of UNSENT) {
    await expect(diaryEntry(page, words)).toHaveCount(1);
    await expect(diaryEntry(page, words).getByText("Accettato")).toBeVisible();
  }
});

test("a phone that forgot everything begins as a new one, and pretends nothing", async ({
  server,
  device,
}) => {
  const phone = device();
  const family = await write(phone, server, UNSENT);
  await server.start();
  const page = await phone.open("/robots.txt");
  await phone.erase("all");
  await page.goto("/oggi");
  await page.waitForURL("**/accesso*");
  await beginAnew(page, family);
});

test("of a copy of which only the sign-in is left, the sign-in page tells", async ({ server, device }) => {
  const phone = device();
  const family = await write(phone, server, UNSENT);
  await server.start();
  const page = await phone.open("/robots.txt");
  await phone.erase("indexeddb", "local_storage", "cache_storage", "service_workers");
  await page.goto("/oggi");
  await page.waitForURL("**/accesso*");
  await expect(page.getByText("quello che era solo qui può essere perso")).toBeVisible();
  await beginAnew(page, family);
});

test("an erased store is told before anybody signs in, with how much went with it", async ({
  server,
  device,
}) => {
  const phone = device();
  const family = await write(phone, server, UNSENT);
  let page = await phone.open("/oggi");
  await keypad(page);
  await phone.erase("indexeddb");
  page = await phone.open("/oggi");
  await expect(page.getByText(GONE)).toBeVisible();
  await expect(page.getByText(TWO_LOST)).toBeVisible();
  await server.start();
  await page.getByRole("button", { name: "Entra" }).click();
  await beginAnew(page, family);
});

test("what the server has sealed is not called lost with the copy", async ({ server, device }) => {
  const phone = device();
  const family = await write(phone, server, UNSENT);
  await server.start();
  const page = await phone.open("/oggi");
  await expect(page.getByText("Arrivate in ufficio: 2 cose.")).toBeVisible();
  await eraseCopies(page);
  await typePin(page, PIN);
  await expect(page.getByText(GONE)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(NONE_LOST)).toBeVisible();
  await page.getByRole("button", { name: "Entra" }).click();
  await page.waitForURL("**/accesso*");
  await signIn(page, SAMIRA);
  await choosePin(page, "31415926");
  await goTo(page, `${family}/diario`);
  for (const words of UNSENT) {
    await expect(diaryEntry(page, words)).toHaveCount(1, { timeout: 30_000 });
  }
});

/** Writes something that is sent and then what is not, and puts the phone away. */
async function write(phone: Phone, server: Server, unsent: string[]): Promise<string> {
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await saveNote(page, family, SENT);
  await everythingSent(page);
  await server.stop();
  for (const words of unsent) await saveNote(page, family, words);
  // In good order: a browser writes its settings to disk only every few seconds.
  await phone.close();
  return family;
}

async function keypad(page: Page): Promise<void> {
  await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
}

/** Signs in, chooses another PIN, and finds what the server has, no more. */
async function beginAnew(page: Page, family: string): Promise<void> {
  await page.waitForURL("**/accesso*");
  await signIn(page, SAMIRA);
  await choosePin(page, "31415926");
  await goTo(page, `${family}/diario`);
  await expect(diaryEntry(page, SENT)).toHaveCount(1, { timeout: 30_000 });
  await everythingSent(page);
  for (const words of UNSENT) await expect(page.getByText(words)).toHaveCount(0);
}
