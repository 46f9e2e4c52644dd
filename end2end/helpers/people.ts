// People of the demonstration ambito, and how they get in. Everything is found by role and by
// the words on the screen, as a person finds it.
import { type Page, expect } from "@playwright/test";
import { type Phone, goTo } from "./phone.ts";
import { both } from "./words.ts";

/** The password of everybody in the demonstration. */
export const PASSWORD = "percorso-demo";

/** A PIN that the app takes: eight digits, none of the first that people try. */
export const PIN = "27182845";

export interface Person {
  login: string;
  name: string;
  /** The password of somebody who is not of the demonstration. */
  password?: string;
}

export const SAMIRA: Person = { login: "samira", name: "Samira Belhadj" };
export const ELENA: Person = { login: "elena", name: "Elena Rossetti" };
export const ARTA: Person = { login: "arta", name: "Arta Prifti" };
/** Stands in for Samira with the family that the demonstration tells in full. */
export const HARPREET: Person = { login: "harpreet", name: "Harpreet Kaur" };
export const COORDINATOR: Person = { login: "marta", name: "Marta Bianchi" };
export const ADMINISTRATOR: Person = { login: "paolo", name: "Paolo Gandini" };

/** Signs in with name and password on the page where that is asked. */
export async function signIn(
  page: Page,
  person: Person,
  password = person.password ?? PASSWORD,
): Promise<void> {
  await page.getByLabel(both("Nome utente", "Username")).fill(person.login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: both("Continua", "Continue") }).click();
}

/** The first time on a phone: sign in with the network, choose a PIN, wait for the families. */
export async function enterFirstTime(phone: Phone, person: Person, pin = PIN): Promise<Page> {
  const page = await phone.open("/");
  await page.waitForURL("**/accesso*");
  await signIn(page, person);
  await choosePin(page, pin);
  await goTo(page, "/famiglie");
  await expect(page.getByRole("heading", { name: /^[1-9]\d* (famigli|famil)/ })).toBeVisible();
  // The first family comes alone.
  await expect(page.getByText(/^\d+ (di \d+ famiglie|of \d+ families)\./)).toHaveCount(0, {
    timeout: 30_000,
  });
  await everythingSent(page);
  // From now on it opens without a server, unless the browser has no such worker.
  const isReady = async (): Promise<boolean> => {
    await navigator.serviceWorker?.ready;
    return true;
  };
  await page.waitForFunction(isReady, undefined, { timeout: 60_000 });
  return page;
}

export async function choosePin(page: Page, pin = PIN): Promise<void> {
  await page.getByLabel(both("PIN o frase segreta", "PIN or secret phrase")).fill(pin);
  await page.getByLabel(both("Ancora una volta", "Once more")).fill(pin);
  await page.getByRole("button", { name: both("Usa questo PIN", "Use this PIN") }).click();
  await opened(page);
}

/** Opens the locked app with the PIN, typed on the keypad as a thumb does. */
export async function unlock(page: Page, pin = PIN): Promise<void> {
  await typePin(page, pin);
  await opened(page);
}

/** Waits for the screens, each with its navigation or its way back. Deriving a key from a PIN is
 * slow on purpose, and slower on a busy machine. */
export async function opened(page: Page): Promise<void> {
  await expect(page.locator(".app").first()).toBeVisible({ timeout: 30_000 });
}

export async function typePin(page: Page, pin: string): Promise<void> {
  const keypad = page.getByRole("group", { name: both("Tastiera del PIN", "PIN keypad") });
  for (const digit of pin) await keypad.getByRole("button", { name: digit, exact: true }).click();
  await keypad.getByRole("button", { name: both("Apri", "Open") }).click();
}

/** Waits until the app itself says that nothing is left to send. */
export async function everythingSent(page: Page): Promise<void> {
  const sent = both("Tutto inviato", "All sent");
  await expect(page.locator("a.sending").first()).toHaveText(sent, { timeout: 30_000 });
}
