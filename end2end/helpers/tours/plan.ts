// What becomes of a plan: proposed, answered, suspended, closed.
import { type Page, expect } from "@playwright/test";
import { sign } from "../ink.ts";
import { choose, goOn, handOver, takeBack } from "../insieme.ts";
import { SAMIRA, enterFirstTime, opened } from "../people.ts";
import { goTo } from "../phone.ts";
import { type Screen, type Tour, at, familyPath, within } from "../screens.ts";
import { both } from "../words.ts";
import { group, heading, of, openMoves, press, tap } from "./steps.ts";

export const AGREEMENT: Tour = {
  name: "a plan before the family",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      {
        ...at("proposta", familyPath),
        prepare: async (page) => {
          await goTo(page, await familyPath(page));
          await press(page, "Proponi alla famiglia", "Propose to the family");
          await expect(page.getByText(both("Piano proposto. Sul telefono.", "Plan proposed. On this phone."))).toBeVisible();
        },
      },
      within("main form", "risposta", familyPath, async (page) => answer(page)),
      within("main form", "risposta-senza-testimone", familyPath, async (page) => {
        await answer(page);
        await tap(group(page, "Come ha risposto", "How they answered"), /testimone|witness/);
        await press(page, "Salva la risposta", "Save the answer");
        await page.getByLabel(both("Chi è testimone", "Who is the witness")).focus();
      }),
      within("main form", "risposta-firma", familyPath, async (page) => {
        await answer(page);
        await onTheGlass(page);
        await sign(page);
        await expect(page.locator("svg.ink__pad polyline")).toHaveCount(1);
      }),
      within("main form", "risposta-senza-firma", familyPath, async (page) => {
        await answer(page);
        await onTheGlass(page);
        await press(page, "Salva la risposta", "Save the answer");
        await page.getByText(/^(La firma manca|The signature is missing)/).waitFor();
      }),
    ],
  }),
};

const READERS = { it: "ar", en: "fr" } as const;

export const READING: Tour = {
  name: "a version that is read and signed",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      {
        ...at("firma-tutor", of("/firma"), async (page) => {
          await tap(group(page, "Chi traduce", "Who interprets"), /minore|child/);
        }),
        prepare: async (page) => {
          await goTo(page, await familyPath(page));
          await press(page, "Proponi alla famiglia", "Propose to the family");
          await page.getByRole("link", { name: both("Leggi e firma insieme", "Read and sign together") }).waitFor();
        },
      },
      read("firma-obiettivo", async (page) => {
        const tutor = await page.locator(".ground").first().getAttribute("lang");
        await handOver(page, READERS[tutor === "en" ? "en" : "it"]);
        await choose(page, "Sì, siamo d’accordo");
      }),
      read("firma-come", async (page) => {
        const stops = page.locator(".stages li");
        for (let left = (await stops.count()) - 2; left > 0; left -= 1) await goOn(page);
        await choose(page, "Firmiamo qui con il dito");
        await sign(page);
      }),
      {
        ...read("firma-voce", async (page) => {
          await choose(page, "Diciamo di sì a voce");
          await page.locator("#witness").waitFor();
        }),
        leave: async (page) => {
          await takeBack(page);
          await opened(page);
        },
      },
    ],
  }),
};

/** A page of a version, after the one before it. */
function read(name: string, show: (page: Page) => Promise<void>): Screen {
  return { name, isInApp: true, show };
}

export const COURSE: Tour = {
  name: "a plan that rests, and then ends",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      {
        ...at("percorso-sospeso", familyPath),
        prepare: async (page) => {
          await goTo(page, await familyPath(page));
          await openMoves(page);
          await press(page, "Sospendi", "Suspend");
          await page.getByText(/^(Piano sospeso|Plan suspended)\. /).waitFor();
        },
      },
      {
        ...at("percorso-chiuso", familyPath),
        prepare: async (page) => {
          await goTo(page, await familyPath(page));
          await openMoves(page);
          await press(page, "Chiudi il piano", "Close the plan");
          await tap(group(page, "Perché si chiude", "Why it is closed"), /trasferita|moved away/);
          await press(page, "Conferma la chiusura", "Confirm and close");
          const closed = /^(Piano chiuso|Plan closed): .*(Sul telefono|On this phone)\.$/;
          await page.getByText(closed).waitFor();
        },
      },
    ],
  }),
};

async function answer(page: Page): Promise<void> {
  await press(page, "Registra la risposta della famiglia", "Record the family’s answer");
  await heading(page, "La risposta della famiglia", "The family’s answer").scrollIntoViewIfNeeded();
}

async function onTheGlass(page: Page): Promise<void> {
  const how = group(page, "Come ha risposto", "How they answered");
  await tap(how, /Firma sul telefono|Signed on the phone/);
}
