// Insieme, question by question: where the tutor reads Italian the family reads Arabic, from the
// right, and where the tutor reads English it reads French.
import { type Page, expect } from "@playwright/test";
import { BEGIN, choose, goOn, handOver, openTogether, takeBack } from "../insieme.ts";
import { SAMIRA, enterFirstTime, opened } from "../people.ts";
import { type Screen, type Tour, at, familyPath } from "../screens.ts";
import { both } from "../words.ts";
import { of } from "./steps.ts";

const ARABIC = { tag: "ar", words: "أريد عملًا بعقد.", step: "أكتب سيرتي الذاتية" };
const FRENCH = { tag: "fr", words: "Je veux un travail avec un contrat.", step: "Écrire mon CV" };

type Spoken = typeof ARABIC;

/** What the family does on each question before it goes on. */
const QUESTIONS: [string, (page: Page, spoken: Spoken) => Promise<void>][] = [
  ["scegliere", async (page) => choose(page, "Lavoro")],
  ["com-e-oggi", async (page) => choose(page, "difficile")],
  ["come-vorreste", async (page) => choose(page, "Va bene")],
  ["parole", async (page, spoken) => page.getByRole("textbox").fill(spoken.words)],
  ["primo-passo", async (page, spoken) => page.getByRole("textbox").fill(spoken.step)],
  ["chi", async (page) => choose(page, "Noi, con aiuto")],
  ["riletto", async (page) => choose(page, "Sì, siamo d’accordo")],
  ["restituire", async () => {}],
];

export const INSIEME: Tour = {
  name: "together with the family",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      at("insieme-tutor", of("/insieme")),
      ...QUESTIONS.map(([name], place) => asked(name, place)),
      {
        ...asked("uscita", 0),
        show: async (page) => {
          await talkUntil(page, 0);
          await page.locator(".together__bar button").click();
          await page.getByRole("group", { name: both("Tastiera del PIN", "PIN keypad") }).waitFor();
        },
        leave: async (page) => {
          await page.locator(".unlock [lang] button").click();
          await end(page);
        },
      },
      {
        ...asked("detto", 0),
        show: async (page) => {
          await talkUntil(page, QUESTIONS.length - 1);
          await takeBack(page);
          await opened(page);
        },
        leave: async (page) => discard(page),
      },
    ],
  }),
};

/** A question as the family answers it. */
function asked(name: string, place: number): Screen {
  return {
    name: `insieme-${name}`,
    isInApp: true,
    show: async (page) => {
      const spoken = await talkUntil(page, place);
      await QUESTIONS[place]?.[1](page, spoken);
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
    },
    leave: end,
  };
}

/** Hands the phone over and answers every question before one. */
async function talkUntil(page: Page, place: number): Promise<Spoken> {
  const tutor = await page.locator(".ground").first().getAttribute("lang");
  const spoken = tutor === "en" ? FRENCH : ARABIC;
  await openTogether(page, await familyPath(page));
  await handOver(page, spoken.tag);
  await expect(page.locator(".together")).toHaveAttribute("lang", spoken.tag);
  for (const [, answer] of QUESTIONS.slice(0, place)) {
    await answer(page, spoken);
    await goOn(page);
  }
  return spoken;
}

/** The tutor takes the phone back and throws away what was said. */
async function end(page: Page): Promise<void> {
  await takeBack(page);
  await opened(page);
  await discard(page);
}

async function discard(page: Page): Promise<void> {
  // What was said is read from the disk first: before it is there, nothing can be deleted.
  await expect(page.getByRole("button", { name: BEGIN })).toBeVisible();
  const name = both("Cancella ciò che è stato detto", "Delete what was said");
  const button = page.getByRole("button", { name });
  if (await button.isVisible()) await button.click();
}
