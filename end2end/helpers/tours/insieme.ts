// Insieme, question by question: where the tutor reads Italian the family reads Arabic, from the
// right, and where the tutor reads English it reads French.
import { type Page, expect } from "@playwright/test";
import { BEGIN, choose, goOn, handOver, openTogether } from "../insieme.ts";
import { PIN, SAMIRA, enterFirstTime, opened, typePin } from "../people.ts";
import { type Language, type Screen, type Tour, at, familyPath } from "../screens.ts";
import { both } from "../words.ts";
import { of } from "./steps.ts";

interface Spoken {
  words: string;
  step: string;
}

/** What a family says, by its language. */
const SPOKEN = {
  ar: { words: "أريد عملًا بعقد.", step: "أكتب سيرتي الذاتية" },
  fr: { words: "Je veux un travail avec un contrat.", step: "Écrire mon CV" },
  it: { words: "Voglio un lavoro con un contratto.", step: "Scrivere il curriculum" },
  zh: { words: "我想要一份有合同的工作。", step: "写简历" },
  pa: { words: "ਮੈਨੂੰ ਕੰਟਰੈਕਟ ਵਾਲਾ ਕੰਮ ਚਾਹੀਦਾ ਹੈ।", step: "ਆਪਣਾ ਸੀਵੀ ਲਿਖਣਾ" },
} satisfies Record<string, Spoken>;

type Tag = keyof typeof SPOKEN;

/** What the family does on each question before it goes on. */
const QUESTIONS: [string, (page: Page, spoken: Spoken) => Promise<void>][] = [
  ["scegliere", async (page) => choose(page, "Lavoro")],
  ["com-e-oggi", async (page) => choose(page, "difficile")],
  ["come-vorreste", async (page) => choose(page, "Va bene")],
  ["parole", async (page, spoken) => page.getByRole("textbox").fill(spoken.words)],
  ["risultato", async (page) => choose(page, "contratto di almeno tre mesi")],
  ["primo-passo", async (page, spoken) => page.getByRole("textbox").fill(spoken.step)],
  ["chi", async (page) => choose(page, "Noi, con aiuto")],
  ["riletto", async (page) => choose(page, "Sì, siamo d’accordo")],
  ["restituire", async () => {}],
];

/** Insieme where the family reads one language beside an Italian tutor, another beside an English. */
function together(tags: Record<Language, Tag>): Tour {
  return {
    name: `together with the family, in ${tags.it}`,
    begin: async ({ device }) => ({
      page: await enterFirstTime(device(), SAMIRA),
      screens: [
        at("insieme-tutor", of("/insieme")),
        ...QUESTIONS.flatMap(([name], place) => {
          const question = asked(name, place, tags);
          return name === "parole" ? [question, SPEAKING] : [question];
        }),
        {
          ...asked("uscita", 0, tags),
          show: async (page) => {
            await page.locator(".together__bar button").click();
            await page.getByRole("group", { name: both("Tastiera del PIN", "PIN keypad") }).waitFor();
          },
        },
        {
          ...asked("detto", 0, tags),
          show: async (page) => {
            await typePin(page, PIN);
            await opened(page);
            await expect(page.getByRole("button", { name: BEGIN })).toBeVisible();
          },
          leave: discard,
        },
      ],
    }),
  };
}

/** The family speaks instead of writing; what it says here is not kept. */
const SPEAKING: Screen = {
  name: "insieme-a-voce",
  isInApp: true,
  show: async (page) => {
    await page.locator(".together .attach button").click();
    await expect(page.locator(".attach__time")).toHaveText(/^0:0[1-9]$/);
  },
  leave: (page) => page.locator(".together .attach .btn--bare").click(),
};

export const INSIEME = together({ it: "ar", en: "fr" });

/** The same in other languages, for an Italian tutor. */
export const INSIEME_ELSEWHERE = (["it", "zh", "pa"] as const).map((tag) => {
  return { tag, tour: together({ it: tag, en: tag }) };
});

/** A question as the family answers it, after those before it. */
function asked(name: string, place: number, tags: Record<Language, Tag>): Screen {
  return {
    name: `insieme-${name}`,
    isInApp: true,
    show: async (page) => {
      if (place === 0) await begin(page, tags);
      else await goOn(page);
      await QUESTIONS[place]?.[1](page, await spokenHere(page));
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
    },
  };
}

/** Hands the phone over, in the language that goes with the tutor's. */
async function begin(page: Page, tags: Record<Language, Tag>): Promise<void> {
  const tutor = await page.locator(".ground").first().getAttribute("lang");
  const tag = tags[tutor === "en" ? "en" : "it"];
  await openTogether(page, await familyPath(page));
  await handOver(page, tag);
  await expect(page.locator(".together")).toHaveAttribute("lang", tag);
}

/** What is spoken inside the fence that is closed. */
async function spokenHere(page: Page): Promise<Spoken> {
  const here = await page.locator(".together").getAttribute("lang");
  const known = Object.entries(SPOKEN).find(([tag]) => tag === here);
  if (known === undefined) throw new Error(`nobody speaks ${here} here`);
  return known[1];
}

/** Throws away what was said. */
async function discard(page: Page): Promise<void> {
  const name = both("Cancella ciò che è stato detto", "Delete what was said");
  await page.getByRole("button", { name }).click();
}
