// What a screen is, and how somebody walks through all of them: the same for gallery and axe.
// The screens themselves are listed in `tours.ts`, those before the app is open in `door.ts`.
import { type Page, expect } from "@playwright/test";
import { goTo } from "./phone.ts";
import type { Stage } from "./test.ts";

export interface Screen {
  /** Names the picture. */
  name: string;
  /** Whether the screen is drawn in the app, where language and look are chosen in Altro. */
  isInApp: boolean;
  /** What is new here, where the rest of the page is another screen's. */
  part?: string;
  /** What has to have happened before it can be shown: done once. */
  prepare?: (page: Page) => Promise<void>;
  show: (page: Page) => Promise<void>;
  /** What has to be done before anything else can be reached. */
  leave?: (page: Page) => Promise<void>;
}

/** What one person meets, in this order. */
export interface Tour {
  name: string;
  begin: (stage: Stage) => Promise<{ page: Page; screens: Screen[] }>;
}

export const LANGUAGES = [
  { code: "it", name: "Italiano" },
  { code: "en", name: "English" },
] as const;

export type Language = (typeof LANGUAGES)[number]["code"];

/**
 * Shows every screen of a tour in both languages to whoever looks. Those that follow each other with
 * nothing to prepare are walked in one language and then in the other: a language costs a way to
 * Altro and back.
 */
export async function walk(
  tour: Tour,
  stage: Stage,
  look: (page: Page, screen: Screen, language: Language) => Promise<void>,
  languages: readonly (typeof LANGUAGES)[number][] = LANGUAGES,
): Promise<void> {
  const { page, screens } = await tour.begin(stage);
  for (const leg of legs(screens)) {
    await leg[0]?.prepare?.(page);
    for (const language of languages) {
      let isChosen = false;
      for (const screen of leg) {
        if (!screen.isInApp) await page.goto(`/accesso?lingua=${language.code}`);
        else if (!isChosen) await chooseLanguage(page, language.name);
        isChosen ||= screen.isInApp;
        await page.keyboard.press("Escape");
        await screen.show(page);
        await look(page, screen, language.code);
        await screen.leave?.(page);
      }
    }
  }
}

/** The screens of a tour, cut before each that needs something to have happened. */
function legs(screens: Screen[]): Screen[][] {
  const all: Screen[][] = [];
  for (const screen of screens) {
    const last = all.at(-1);
    if (last === undefined || screen.prepare !== undefined) all.push([screen]);
    else last.push(screen);
  }
  return all;
}

/** Chooses it in Altro; whatever sheet or form was open is left. */
export async function chooseLanguage(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Escape");
  await goTo(page, "/altro");
  await page.locator("label").filter({ hasText: name }).click();
  await expect(page.getByRole("radio", { name, exact: true })).toBeChecked();
}

/** A screen of the app at an address, and what is done there before it is looked at. */
export function at(
  name: string,
  path: string | ((page: Page) => Promise<string>),
  act?: (page: Page) => Promise<void>,
): Screen {
  return {
    name,
    isInApp: true,
    show: async (page) => {
      await goTo(page, typeof path === "string" ? path : await path(page));
      // As after following a link: at the top, and nothing under the pointer.
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await act?.(page);
    },
  };
}

/** The same with something opened or said in one part of it. */
export function within(
  part: string,
  name: string,
  path: string | ((page: Page) => Promise<string>),
  act: (page: Page) => Promise<void>,
): Screen {
  return { ...at(name, path, act), part };
}

/** A page that the server draws. */
export function served(
  name: string,
  path: string,
  act?: (page: Page) => Promise<void>,
): Screen {
  return {
    name,
    isInApp: false,
    show: async (page) => {
      await page.goto(path);
      await act?.(page);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  };
}

/** The address of the family that the demonstration tells in full. */
export async function familyPath(page: Page): Promise<string> {
  return familyNamed(page, /Hassan/);
}

/** The address of a family, by the name on its card. */
export async function familyNamed(page: Page, name: RegExp): Promise<string> {
  await goTo(page, "/famiglie");
  const heading = page.getByRole("heading", { level: 3, name });
  const path = await page.getByRole("link").filter({ has: heading }).getAttribute("href");
  if (path === null) throw new Error(`the family ${name} has no link`);
  return path;
}
