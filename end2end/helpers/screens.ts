// Every screen there is and how a person gets to it: one list for the gallery and for axe.
import { type Page, expect } from "@playwright/test";
import {
  ADMINISTRATOR,
  COORDINATOR,
  ELENA,
  type Person,
  SAMIRA,
  choosePin,
  enterFirstTime,
  signIn,
  typePin,
} from "./people.ts";
import { type Phone, goTo } from "./phone.ts";

export interface Screen {
  /** Names the picture. */
  name: string;
  /** Whether the screen is drawn in the app, where language and look are chosen in Altro. */
  isInApp: boolean;
  show(page: Page): Promise<void>;
}

/** What one person meets, from the first page on. */
export interface Tour {
  person: Person;
  start(phone: Phone): Promise<Page>;
  screens: Screen[];
}

/** The address of the family that the demonstration tells in full. */
export async function familyPath(page: Page): Promise<string> {
  await goTo(page, "/famiglie");
  const heading = page.getByRole("heading", { level: 3, name: /Hassan/ });
  const path = await page.getByRole("link").filter({ has: heading }).getAttribute("href");
  if (path === null) throw new Error("the family of the demonstration has no link");
  return path;
}

function at(name: string, path: (page: Page) => Promise<string> | string): Screen {
  return {
    name,
    isInApp: true,
    show: async (page) => {
      await goTo(page, await path(page));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  };
}

function office(name: string, path: string): Screen {
  return {
    name,
    isInApp: false,
    show: async (page) => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  };
}

async function goalPath(page: Page): Promise<string> {
  await goTo(page, await familyPath(page));
  const link = page.locator('main a[href*="/obiettivo/"]').first();
  return (await link.getAttribute("href")) ?? "";
}

async function reviewPath(page: Page): Promise<string> {
  await goTo(page, "/da-rivedere");
  const link = page.locator('main a[href^="/da-rivedere/"]').first();
  return (await link.getAttribute("href")) ?? "";
}

export const TOURS: Tour[] = [
  {
    person: SAMIRA,
    start: async (phone) => enterFirstTime(phone, SAMIRA),
    screens: [
      at("oggi", () => "/oggi"),
      at("famiglie", () => "/famiglie"),
      at("famiglia-percorso", familyPath),
      at("famiglia-diario", async (page) => `${await familyPath(page)}/diario`),
      at("famiglia-persone", async (page) => `${await familyPath(page)}/persone`),
      at("obiettivo", goalPath),
      at("obiettivo-nuovo", async (page) => `${await familyPath(page)}/obiettivo/nuovo`),
      at("visita", async (page) => `${await familyPath(page)}/visita/nuova`),
      at("da-sistemare", () => "/da-sistemare"),
      at("altro", () => "/altro"),
      at("niente", () => "/non-esiste"),
    ],
  },
  {
    person: ELENA,
    start: async (phone) => enterFirstTime(phone, ELENA),
    screens: [
      at("da-rivedere", () => "/da-rivedere"),
      at("revisione", reviewPath),
      at("famiglia-lettura", familyPath),
    ],
  },
  {
    person: COORDINATOR,
    start: async (phone) => {
      const page = await phone.open("/accesso");
      await signIn(page, COORDINATOR);
      return page;
    },
    screens: [office("ufficio-famiglie", "/ufficio/famiglie")],
  },
  {
    person: ADMINISTRATOR,
    start: async (phone) => {
      const page = await phone.open("/accesso");
      await signIn(page, ADMINISTRATOR);
      return page;
    },
    screens: [
      office("ufficio-persone", "/ufficio/persone"),
      office("ufficio-telefoni", "/ufficio/telefoni"),
      office("ufficio-registro", "/ufficio/registro"),
    ],
  },
];

/** The screens before the app is open, in the order in which a person meets them. */
export async function atTheDoor(
  phone: Phone,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  let page = await phone.open("/accesso");
  await look(page, "accesso");
  await signIn(page, SAMIRA, "not-her-password");
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "accesso-rifiutato");
  await signIn(page, SAMIRA);
  await page.locator("#secret").waitFor();
  await look(page, "scegli-pin");
  await choosePin(page);
  await page.reload();
  await page.locator("#pin").waitFor();
  await look(page, "sblocco");
  await typePin(page, "99887766");
  await expect(page.getByRole("alert")).toContainText("PIN");
  await look(page, "sblocco-pin-sbagliato");
}
