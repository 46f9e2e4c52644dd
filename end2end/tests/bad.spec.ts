// What goes wrong at the door, on the phone and on the way: a clear sentence, and nothing lost.
import { type Locator, type Page, expect, test } from "@playwright/test";
import { expectAccessible } from "../helpers/axe.ts";
import { TEN_WRONG } from "../helpers/door.ts";
import {
  PIN,
  SAMIRA,
  choosePin,
  enterFirstTime,
  everythingSent,
  opened,
  signIn,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { Phone, goTo, letDaysPass } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { Server } from "../helpers/server.ts";

const PHRASE = "tre mele, e una pera";
const WRONG_PHRASE = "tre pere, e una mela";
const NOTE = "La scuola ha spostato il colloquio a martedì.";
const NOT_SAVED = /Non è salvato: lo spazio del telefono è finito/;
const DRAFT_NOT_KEPT = /non sono ancora sul telefono: lo spazio è finito/;

let server: Server;
let phone: Phone;

test.beforeEach(async () => {
  server = await Server.fresh();
  phone = new Phone(server.origin);
});

test.afterEach(async () => {
  await phone.remove();
  await server.remove();
});

test("a wrong password says what to do, and the right one still works", async () => {
  const page = await phone.open("/accesso");
  await signIn(page, SAMIRA, "not-her-password");
  await expect(page.getByText("Nome utente o password non corretti")).toBeVisible();
  // The name stays as it was typed: only the password is written again.
  await expect(page.getByLabel("Nome utente")).toHaveValue(SAMIRA.login);
  await signIn(page, SAMIRA);
  await expect(page.getByRole("heading", { name: "Scegli il tuo PIN" })).toBeVisible();
  expect(server.log).not.toContain("not-her-password");
});

test("an unknown name is refused with the same words as a wrong password", async () => {
  const page = await phone.open("/accesso");
  await signIn(page, { login: "nessuno", name: "" }, "whatever-it-is");
  await expect(page.getByText("Nome utente o password non corretti")).toBeVisible();
});

test("after five wrong passwords the account is locked, and says until when", async () => {
  const page = await phone.open("/accesso");
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await signIn(page, SAMIRA, `wrong-${attempt}`);
    await expect(page.getByRole("alert")).toBeVisible();
  }
  await signIn(page, SAMIRA);
  await expect(page.getByText(/Troppi tentativi sbagliati: riprova tra \d+ minuti/)).toBeVisible();
});

test("a PIN that is short, simple or not repeated is refused before anything is kept", async () => {
  const page = await phone.open("/accesso");
  await signIn(page, SAMIRA);
  const first = page.getByLabel("PIN o frase segreta", { exact: true });
  const again = page.getByLabel("Ancora una volta", { exact: true });
  const use = page.getByRole("button", { name: "Usa questo PIN" });
  await first.fill("2718");
  await use.click();
  await expect(page.getByText("Un PIN ha almeno 8 cifre")).toBeVisible();
  await first.fill("12345678");
  await expect(page.getByText("È tra i primi che si provano")).toBeVisible();
  await first.fill(PIN);
  await again.fill("27182846");
  await expect(page.getByText("I due non sono uguali")).toBeVisible();
  await again.fill(PIN);
  await use.click();
  await opened(page);
});

test("a phrase instead of a PIN opens without a server, and a wrong one is told", async () => {
  let page = await enterFirstTime(phone, SAMIRA, PHRASE);
  await goTo(page, "/altro");
  await page.getByRole("button", { name: "Chiudi adesso" }).click();
  await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
  // In good order: a browser writes its cookies to disk only every half minute.
  await phone.close();
  await server.stop();

  page = await phone.open("/oggi");
  await page.getByRole("button", { name: "Frase segreta" }).click();
  const field = page.getByLabel("La tua frase segreta");
  await field.fill(WRONG_PHRASE);
  await page.getByRole("button", { name: "Apri" }).click();
  await expect(page.getByRole("alert")).toContainText("Ancora 9 prove", { timeout: 30_000 });
  await expect(page.getByRole("alert")).toContainText("PIN o frase non giusti.");
  // What was wrong is gone, and the place to type another is the same.
  await expect(field).toHaveValue("");
  await expect(field).toBeFocused();
  await expect(page.locator(".app")).toHaveCount(0);
  await field.fill(PHRASE);
  await field.press("Enter");
  await opened(page);
  await expect(page.getByRole("complementary", { name: "Dati dimostrativi" })).toBeVisible();
  await goTo(page, await familyPath(page));
  await expect(page.getByRole("heading", { level: 1, name: /Hassan/ })).toBeVisible();
  expect(phone.errors).toEqual([]);
});

test("after fourteen days without the server a copy opens at the first contact", async () => {
  const page = await enterFirstTime(phone, SAMIRA);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await letDaysPass(page, 15);
  await phone.context.setOffline(true);
  await page.reload();
  await typePin(page, PIN);
  const over = page.getByRole("heading", { name: "Da 14 giorni senza contatto" });
  await expect(over).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/cerca rete ed entra/)).toBeVisible();
  await phone.context.setOffline(false);
  await page.reload();
  await unlock(page);
  expect(phone.errors).toEqual([]);
});

test("the fifth wrong PIN makes wait, the tenth erases it, and the server brings all back", async () => {
  await TEN_WRONG.walk(phone, async (page, name) => expectAccessible(page, name));
  const { page } = phone;
  await page.goto("/famiglie");
  // The sign-in must not outlive the tenth PIN.
  await page.waitForURL("**/accesso*");
  await beginAnew(page);
});

test("whoever finds a phone and deletes its copy needs the password, not the cookie", async () => {
  const page = await enterFirstTime(phone, SAMIRA);
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
    localStorage.clear();
  });
  await page.goto("/");
  await page.waitForURL("**/accesso*");
  await page.goto("/");
  await page.waitForURL("**/accesso*");
});

/** Signs in, chooses another PIN, and finds every family again. */
async function beginAnew(page: Page): Promise<void> {
  await signIn(page, SAMIRA);
  await choosePin(page, "31415926");
  await goTo(page, "/famiglie");
  await everythingSent(page);
  await expect(page.getByRole("heading", { name: /^\d+ famiglie$/ })).toBeVisible();
}

test("work written after the session ended is kept, and sent after signing in again", async () => {
  const page = await enterFirstTime(phone, SAMIRA);
  await phone.context.clearCookies();
  await writeNote(page, "Scritto con la sessione scaduta.");
  await goTo(page, "/oggi");
  await expect(page.locator("a.sending").first()).toHaveText(/^Accedi di nuovo: \d+ da inviare$/);
  const fix = page.getByRole("region", { name: /^Da sistemare/ });
  await expect(fix.getByText("L’accesso è scaduto")).toBeVisible();
  await expectAccessible(page, "oggi-session-ended");
  await goTo(page, "/altro");
  await expect(page.getByText("L’accesso è scaduto")).toBeVisible();
  await goTo(page, "/oggi");
  await fix.getByRole("button", { name: "Entra" }).click();
  await signIn(page, SAMIRA);
  await unlock(page);
  await everythingSent(page);
});

test("a full disk is said, nothing typed goes away, and it is sent once there is room", async () => {
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const [saved, closed] = ["Nota salvata. Sul telefono.", "Visita chiusa. Sul telefono."];
  const save = page.getByRole("button", { name: "Salva" });
  const close = page.getByRole("button", { name: "Chiudi visita" });
  const note = page.getByLabel("Che cosa vuoi ricordare");
  const summary = page.getByLabel("Che cosa è successo, in breve");

  await goTo(page, `${family}/visita/nuova`);
  await page.getByRole("button", { name: "In breve" }).click();
  await phone.fillDisk();
  let typed = "Amina ha parlato da sola";
  await expect(async () => {
    typed += " con la maestra";
    await summary.fill(typed);
    await expect(page.getByText(DRAFT_NOT_KEPT)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText("Non ancora sul telefono", { exact: true })).toBeVisible();
  await close.click();
  await expect(page.getByText(NOT_SAVED)).toBeVisible();
  await expect(page.getByText(closed)).toHaveCount(0);
  await expect(summary).toHaveValue(typed);

  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await note.fill(NOTE);
  await save.click();
  await expect(page.getByText(NOT_SAVED)).toBeVisible();
  await expect(page.getByText(saved)).toHaveCount(0);
  await expect(note).toHaveValue(NOTE);
  await expect(entry(page, NOTE)).toHaveCount(0);
  await everythingSent(page);

  await phone.makeRoom();
  await save.click();
  await expect(page.getByText(saved)).toBeVisible();
  await goTo(page, `${family}/visita/nuova`);
  await page.getByRole("button", { name: "In breve" }).click();
  await expect(summary).toHaveValue(typed);
  await close.click();
  await expect(page.getByText(closed)).toBeVisible();
  await everythingSent(page);

  await page.goto(`${family}/diario`);
  await unlock(page);
  for (const words of [NOTE, typed]) {
    await expect(entry(page, words)).toHaveCount(1);
    await expect(entry(page, words).getByText("Accettato")).toBeVisible();
  }
});

function entry(page: Page, words: string): Locator {
  return page.getByRole("listitem").filter({ hasText: words });
}

async function writeNote(page: Page, words: string): Promise<void> {
  await goTo(page, `${await familyPath(page)}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await page.getByLabel("Che cosa vuoi ricordare").fill(words);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(page.getByText("Nota salvata. Sul telefono.")).toBeVisible();
}
