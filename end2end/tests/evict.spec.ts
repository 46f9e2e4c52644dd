// The browser is asked to keep the copy, and the app says what it answered. Where it erases what it
// keeps, all of it or a part, the app says what is lost and how much of it had not been sent, as far
// as anybody knows, and begins again.
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
const KEEPS = "Il telefono tiene questi dati.";
const MAY_ERASE = "Il telefono può cancellare questi dati se lo spazio finisce. Installa Percorso";

test("the browser is asked to keep the copy once there is one, and Altro says its answer and the room left", async ({
  device,
}) => {
  const phone = device();
  await phone.open("/robots.txt");
  const roomy = { usage: 48_000_000, quota: 6_048_000_000 };
  await answerForStorage(phone, { isKept: false, mayKeep: false, ...roomy });
  const page = await phone.open("/accesso");

  await test.step("refused: what may happen and what helps", async () => {
    await signIn(page, SAMIRA);
    await expect(page.getByRole("heading", { name: "Scegli il tuo PIN" })).toBeVisible();
    expect(await timesAsked(page), "before there is anything to keep").toBe(0);
    await choosePin(page);
    await goTo(page, "/altro");
    await expect(page.getByText(MAY_ERASE)).toBeVisible();
    await expect(page.getByText(KEEPS)).toHaveCount(0);
    await expect(page.getByText("Spazio: 48 MB usati, 6 GB liberi")).toBeVisible();
    expect(await timesAsked(page), "once the PIN was chosen").toBe(1);
  });

  await test.step("granted, to the same question at the next unlocking", async () => {
    await openAnew(page, { mayKeep: true });
    await expect(page.getByText(KEEPS)).toBeVisible();
    await expect(page.getByText(MAY_ERASE)).toHaveCount(0);
    expect(await timesAsked(page)).toBe(2);
  });

  await test.step("nearly full: how little is left, and no more questions to who has promised", async () => {
    await openAnew(page, { usage: 298_500_000, quota: 300_000_000 });
    await expect(page.getByText("Spazio: 298 MB usati, 1 MB liberi")).toBeVisible();
    await expect(page.getByText(KEEPS)).toBeVisible();
    expect(await timesAsked(page)).toBe(2);
  });
  expect(phone.errors).toEqual([]);
});

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
  // What was saved without a network has gone sealed from the locked screen.
  await expect(page.locator("a.sending").first()).toHaveText("Accedi di nuovo");
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

/** What the browser says of its storage. */
interface StorageAnswers {
  /** Whether it has promised to keep what is stored. */
  isKept: boolean;
  /** Whether it promises that to who asks. */
  mayKeep: boolean;
  /** Bytes used. */
  usage: number;
  /** Bytes allowed. */
  quota: number;
}

/** From the next page on this phone's browser answers so, and it is counted how often a page asks it
 * to keep what is stored: no browser refuses when it is told to. */
async function answerForStorage(phone: Phone, first: StorageAnswers): Promise<void> {
  await phone.context.addInitScript((first) => {
    const answers = { ...first, asked: 0 };
    Object.assign(window, { answers });
    const manager = StorageManager.prototype;
    manager.persisted = async () => answers.isKept;
    manager.persist = async () => {
      answers.asked += 1;
      answers.isKept ||= answers.mayKeep;
      return answers.isKept;
    };
    manager.estimate = async () => ({ usage: answers.usage, quota: answers.quota });
  }, first);
}

/** How often the page that is open has asked its browser to keep what is stored. */
async function timesAsked(page: Page): Promise<number> {
  return page.evaluate(() => Number(Reflect.get(window, "answers").asked));
}

/** Locks the app, which is in Altro, lets the browser answer otherwise, and comes back. */
async function openAnew(page: Page, answers: Partial<StorageAnswers>): Promise<void> {
  await page.getByRole("button", { name: "Chiudi adesso" }).click();
  await keypad(page);
  await page.evaluate((answers) => {
    Object.assign(Reflect.get(window, "answers"), answers);
  }, answers);
  await unlock(page);
  await goTo(page, "/altro");
}
