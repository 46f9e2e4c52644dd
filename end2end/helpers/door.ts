// What stands before the open app, in the order in which a person may meet it: signing in, the
// first PIN, unlocking, and everything that keeps a copy shut.
import { type Page, expect } from "@playwright/test";
import {
  COORDINATOR,
  ELENA,
  PIN,
  SAMIRA,
  choosePin,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
} from "./people.ts";
import { type Phone, goTo } from "./phone.ts";
import { writeNote } from "./plan.ts";
import { familyPath } from "./screens.ts";
import { both } from "./words.ts";

const DAY_MS = 86_400_000;
const WRONG = "99887766";

/** What is said once a sealed thing is with the server. */
export const ARRIVED = both("Arrivata in ufficio: una cosa.", "Arrived at the office: one thing.");

type Look = (page: Page, name: string) => Promise<void>;

export interface Door {
  name: string;
  walk: (phone: Phone, look: Look) => Promise<void>;
}

export const DOORS: Door[] = [
  { name: "signing in", walk: signingIn },
  { name: "the first PIN", walk: firstPin },
  { name: "families on their way", walk: arriving },
  { name: "screens that do not arrive", walk: late },
  { name: "a copy that does not open", walk: shut },
  { name: "a copy that the office keeps shut", walk: shutOut },
  { name: "what waits sealed", walk: sealed },
  { name: "an app that has died", walk: died },
];

/** Takes half a minute, since a wrong PIN costs time on purpose. */
export const TEN_WRONG: Door = { name: "ten wrong PINs", walk: tenWrong };

async function signingIn(phone: Phone, look: Look): Promise<void> {
  const page = await phone.open("/accesso?motivo=copia");
  await look(page, "accesso-copia-persa");
  await page.goto("/accesso");
  await look(page, "accesso");
  await page.getByText(both("Non riesco a entrare", "I cannot sign in")).click();
  await look(page, "accesso-aiuto");
  await page.locator("input[name=token]").first().evaluate((token) => {
    token.setAttribute("value", "of-yesterday");
  });
  await signIn(page, SAMIRA);
  await alerted(page, /aperta da troppo tempo|open for too long/);
  await look(page, "accesso-vecchio");
  await signIn(page, SAMIRA, "not-her-password");
  await alerted(page, /non corretti|is wrong/);
  await look(page, "accesso-rifiutato");
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await signIn(page, ELENA, `wrong-${attempt}`);
    await page.getByRole("alert").waitFor();
  }
  await signIn(page, ELENA);
  await alerted(page, /Troppi tentativi|Too many wrong tries/);
  await look(page, "accesso-bloccato");
}

async function firstPin(phone: Phone, look: Look): Promise<void> {
  let page = await phone.open("/");
  await page.waitForURL("**/accesso*");
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await phone.context.setOffline(true);
  page = await phone.open("/");
  await page.getByRole("heading", { level: 2 }).waitFor();
  await look(page, "prima-volta-senza-rete");
  await phone.context.setOffline(false);
  await page.getByRole("button", { name: both("Riprova", "Try again") }).click();
  await page.waitForURL("**/accesso*");
  await signIn(page, SAMIRA);
  await page.locator("#secret").waitFor();
  await look(page, "scegli-pin");
  await page.locator("#secret").fill("12345678");
  await page.locator("#secret-again").fill("1234");
  await page.getByRole("button", { name: both("Usa questo PIN", "Use this PIN") }).click();
  await page.locator("#secret-error").waitFor();
  await look(page, "scegli-pin-sbagliato");
}

async function arriving(phone: Phone, look: Look): Promise<void> {
  const page = await phone.open("/accesso");
  let arrive = (): void => {};
  const answered = new Promise<void>((resolve) => (arrive = resolve));
  await phone.context.route("**/api/v1/sync", async (route) => {
    await answered;
    await route.continue();
  });
  await signIn(page, SAMIRA);
  await choosePin(page);
  for (const [path, name] of [["/oggi", "oggi-in-arrivo"], ["/famiglie", "famiglie-in-arrivo"]] as const) {
    await goTo(page, path);
    await page.locator(".skel").first().waitFor();
    await look(page, name);
  }
  arrive();
  await everythingSent(page);
}

async function late(phone: Phone, look: Look): Promise<void> {
  const page = await phone.open("/accesso");
  // As in a private window: nothing is kept, so that the screens come over the network.
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
  let arrive = (): void => {};
  const arriving = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/pkg/split_*.wasm", async (route) => {
    await arriving;
    await route.abort();
  });
  await signIn(page, SAMIRA);
  for (const field of ["#secret", "#secret-again"]) await page.locator(field).fill(PIN);
  await page.getByRole("button", { name: both("Usa questo PIN", "Use this PIN") }).click();
  await page.getByText(/sta ancora arrivando|is still arriving|still on its way/).waitFor({ timeout: 40_000 });
  await look(page, "schermate-in-arrivo");
  arrive();
  await page.getByRole("button", { name: both("Riprova", "Try again") }).waitFor();
  await look(page, "schermate-mancanti");
}

async function shut(phone: Phone, look: Look): Promise<void> {
  let page = await enter(phone);
  await look(page, "sblocco");
  await page.getByText(both("L’hai dimenticato?", "Forgotten it?")).click();
  await look(page, "sblocco-dimenticato");
  await page.getByRole("button", { name: both("Frase segreta", "Secret phrase") }).click();
  await look(page, "sblocco-frase");

  await phone.context.clearCookies();
  await page.clock.setSystemTime(Date.now() + 15 * DAY_MS);
  page = await phone.open("/oggi");
  await typePin(page, PIN);
  await page.getByText(/^(Da 14 giorni senza contatto|14 days without contact)$/).waitFor({ timeout: 30_000 });
  await look(page, "sblocco-14-giorni");

  await eraseCopies(page);
  page = await phone.open("/oggi");
  await typePin(page, PIN);
  await page.getByText(/non c’è più|is gone/).waitFor({ timeout: 30_000 });
  await look(page, "copia-persa");
  await phone.context.setOffline(true);
  await page.getByRole("button", { name: both("Entra", "Sign in") }).click();
  await alerted(page, /Non trovo la rete|can’t find the network/);
  await look(page, "copia-persa-senza-rete");

  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("no storage here", "UnknownError");
    };
  });
  page = await phone.open("/oggi");
  await page.getByText(/non apre l’archivio|cannot open its storage/).waitFor();
  await look(page, "archivio-rotto");
}

async function shutOut(phone: Phone, look: Look): Promise<void> {
  let page = await enterFirstTime(phone, SAMIRA);
  await atTheDesk(phone, /^(Sospendi|Suspend): /);
  await page.clock.setSystemTime(Date.now() + 15 * DAY_MS);
  page = await phone.open("/oggi");
  await typePin(page, PIN);
  await page.getByText(/^(L’ufficio ha tolto o sospeso|The office took away or suspended)/).waitFor({ timeout: 30_000 });
  await look(page, "sblocco-14-giorni-escluso");
  await atTheDesk(phone, /^(Riammetti|Let in again): /);
}

/** The coordinator's desk borrows the browser: what is done there needs a sign-in of its own. */
async function atTheDesk(phone: Phone, act: RegExp): Promise<void> {
  const { context, page } = phone;
  const hers = await context.cookies();
  await context.clearCookies();
  await page.goto("/accesso");
  await signIn(page, COORDINATOR);
  await page.waitForURL("**/ufficio/**");
  await page.goto("/ufficio/sospensioni");
  const row = page.getByRole("row", { name: new RegExp(`^${SAMIRA.name}`) });
  await row.getByRole("button", { name: act }).click();
  await page.locator("main .notice").waitFor();
  await context.clearCookies();
  await context.addCookies(hers);
}

async function sealed(phone: Phone, look: Look): Promise<void> {
  const page = await enterFirstTime(phone, SAMIRA);
  await lockUnsent(phone, page);
  await look(page, "sblocco-sigillato");
  await phone.context.setOffline(false);
  await page.getByRole("button", { name: both("Invia senza aprire", "Send without opening") }).click();
  await page.getByText(ARRIVED).waitFor();
  await look(page, "sblocco-sigillato-arrivato");
}

async function died(phone: Phone, look: Look): Promise<void> {
  const page = await enterFirstTime(phone, SAMIRA);
  await goTo(page, `${await familyPath(page)}/diario`);
  await page.getByRole("button", { name: both("Nuova nota", "New note") }).first().click();
  const note = both("Che cosa vuoi ricordare", "What you want to remember");
  await page.getByLabel(note).fill("La bambina ha la febbre.");
  // Without chance there are no ids: the app cannot go on.
  await page.evaluate(() => {
    crypto.getRandomValues = () => {
      throw new Error("no chance");
    };
  });
  await page.getByRole("button", { name: both("Salva", "Save") }).click();
  await page.getByRole("heading", { name: both("Percorso si è fermato", "Percorso has stopped") }).waitFor();
  // How it died is no error of this walk, and whoever looks may need chance.
  phone.errors.splice(0);
  await page.evaluate(() => Reflect.deleteProperty(crypto, "getRandomValues"));
  await look(page, "fermato");
}

async function tenWrong(phone: Phone, look: Look): Promise<void> {
  const page = await enter(phone);
  for (let left = 9; left >= 1; left -= 1) {
    await typePin(page, WRONG);
    await alerted(page, new RegExp(`Ancora ${left} prov[ea], |${left} (try|tries) left`));
    if (left === 9) await look(page, "sblocco-pin-sbagliato");
    if (left > 5) continue;
    await alerted(page, /Aspetta \d+ |Wait \d+ /);
    if (left === 5) {
      // The right PIN waits as well: otherwise waiting would not slow a thief down.
      await typePin(page, PIN);
      await expect(page.getByRole("alert")).not.toContainText(/prove|tries/);
      await alerted(page, /Aspetta \d+ |Wait \d+ /);
      await expect(page.locator(".app")).toHaveCount(0);
      await look(page, "sblocco-aspetta");
    }
    // Nobody's test waits a quarter of an hour for each try: the phone's clock is moved.
    await page.clock.setSystemTime(Date.now() + (10 - left) * DAY_MS);
  }
  await typePin(page, WRONG);
  await page.getByRole("heading", { name: /il PIN è cancellato|the PIN is erased/ }).waitFor({ timeout: 30_000 });
  await look(page, "sblocco-cancellato");
}

/** Writes a note without a network and locks: then it lies sealed, and waits. */
export async function lockUnsent(phone: Phone, page: Page): Promise<void> {
  const family = await familyPath(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await phone.context.setOffline(true);
  await writeNote(page, family, "Yao cerca un corso di sera, vicino al lavoro.");
  await page.reload();
  await page.getByText(/^(L’ufficio non risponde|The office does not answer)/).waitFor();
}

/** Makes a copy on the phone, with what the server has for it, and leaves it locked. */
async function enter(phone: Phone): Promise<Page> {
  const page = await enterFirstTime(phone, SAMIRA);
  await page.reload();
  await page.locator("#pin").waitFor();
  return page;
}

async function alerted(page: Page, words: RegExp): Promise<void> {
  await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible({ timeout: 30_000 });
}

/** What a browser does that needs the space: the copies go, the wrapped keys stay. */
export async function eraseCopies(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined || !name.startsWith("percorso-")) continue;
      await new Promise((done, failed) => {
        const asked = indexedDB.deleteDatabase(name);
        asked.onsuccess = done;
        asked.onerror = failed;
      });
    }
  });
}
