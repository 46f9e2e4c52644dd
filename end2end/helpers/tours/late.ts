// What does not leave the phone, comes too late, or is brought by somebody else.
import { readFileSync } from "node:fs";
import { type Page, expect } from "@playwright/test";
import { ARRIVED, lockUnsent } from "../door.ts";
import { giveTo } from "../office.ts";
import { ARTA, ELENA, SAMIRA, enterFirstTime } from "../people.ts";
import type { Phone } from "../phone.ts";
import { sendNow, writeNote } from "../plan.ts";
import { type Tour, at, familyNamed, familyPath, within } from "../screens.ts";
import { both } from "../words.ts";
import { press } from "./steps.ts";

export const UNSENT: Tour = {
  name: "what does not leave the phone",
  begin: async ({ device }) => {
    const [phone, desk] = [device(), device("desk")];
    return {
      page: await enterFirstTime(phone, SAMIRA),
      screens: [
        {
          ...at("altro-senza-rete", "/altro"),
          prepare: async (page) => {
            const family = await familyNamed(page, /Agbeko/);
            await phone.context.setOffline(true);
            await writeNote(page, family, "Yao cerca un corso di sera, vicino al lavoro.");
            await sendNow(page);
            await expect(page.getByText(/Non trovo la rete|can’t find the network/)).toBeVisible();
          },
        },
        at("oggi-senza-rete", "/oggi"),
        at("altro-esci", "/altro", async (page) => {
          await page.getByRole("button", { name: /^(Esci lo stesso|Sign out anyway)/ }).focus();
        }),
        {
          ...at("altro-rifiutato", "/altro", async (page) => refused(page)),
          prepare: async (page) => {
            await giveTo(desk, await familyNamed(page, /Agbeko/), SAMIRA, ARTA);
            await phone.context.setOffline(false);
            await sendNow(page);
            await refused(page);
          },
        },
        at("altro-rifiutato-togli", "/altro", async (page) => {
          await refused(page);
          await press(page, "Ho provveduto, togli", "I have dealt with it, remove");
          const sure = both("Sì, togli il testo", "Yes, remove the text");
          await page.getByRole("button", { name: sure }).scrollIntoViewIfNeeded();
        }),
        at("oggi-rifiutato", "/oggi"),
        {
          ...at("altro-scaduto", "/altro"),
          prepare: async (page) => {
            await phone.context.clearCookies();
            await writeNote(page, await familyPath(page), "Scritto con la sessione scaduta.");
            await sendNow(page);
            await expect(page.getByText(/L’accesso è scaduto|sign-in has ended/)).toBeVisible();
          },
        },
      ],
    };
  },
};

export const HEIR: Tour = {
  name: "words that came too late for their author",
  begin: async ({ device }) => {
    const former = device();
    const page = await enterFirstTime(former, SAMIRA);
    const family = await familyPath(page);
    await former.context.setOffline(true);
    await writeNote(page, family, "Youssef ha trovato un posto al doposcuola.");
    await writeNote(page, family, "Amina chiede di spostare il colloquio.");
    await giveTo(device("desk"), family, SAMIRA, ARTA);
    await former.context.setOffline(false);
    await sendNow(page);
    await refused(page);
    await press(page, "Consegna a chi segue la famiglia", "Hand over to whoever follows the family");
    await page.getByText(/^(Consegnata|Handed over): /).first().waitFor();
    await former.close();
    return {
      page: await enterFirstTime(device(), ARTA),
      screens: [
        at("oggi-da-riprendere", "/oggi"),
        at("da-riprendere", "/da-riprendere", async (page) => {
          await page.getByText("Youssef ha trovato").waitFor();
        }),
        within("main", "da-riprendere-motivo", "/da-riprendere", async (page) => {
          await press(page, "Non riprendere", "Leave out");
          await press(page, "Conferma, non riprendere", "Confirm, leave out");
          await page.locator(".error:visible").waitFor();
        }),
        at("famiglia-da-riprendere", family),
      ],
    };
  },
};

export const BROUGHT: Tour = {
  name: "a sealed file of a colleague",
  begin: async ({ device }) => {
    const file = await sealedFile(device());
    return {
      page: await enterFirstTime(device(), ELENA),
      screens: [
        within(BRING, "altro-consegnato", "/altro", async (page) => {
          await bring(page, file);
          await page.getByText(ARRIVED).waitFor();
        }),
        within(BRING, "altro-file-estraneo", "/altro", async (page) => {
          await bring(page, Buffer.from("pane, latte"));
          await page.getByText(/^(Questo file non viene da Percorso|This file does not come from Percorso)/).waitFor();
        }),
      ],
    };
  },
};

/** Where somebody brings a colleague's file. */
const BRING = "section[aria-labelledby=bring]";

async function refused(page: Page): Promise<void> {
  await page.getByRole("region", { name: /^(Serve una mano|Needs a hand) \d/ }).waitFor();
}

/** Writes a note that is not sent, locks the phone and takes the note off it sealed. */
async function sealedFile(phone: Phone): Promise<Buffer> {
  const page = await enterFirstTime(phone, SAMIRA);
  await lockUnsent(phone, page);
  const asked = page.waitForEvent("download");
  await press(page, "Salva il file per un collega", "Save the file for a colleague");
  const file = readFileSync(await (await asked).path());
  await phone.close();
  return file;
}

async function bring(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: "sigillato.json", mimeType: "application/json", buffer };
  await page.getByLabel(both("Scegli il file", "Choose the file")).setInputFiles(file);
}
