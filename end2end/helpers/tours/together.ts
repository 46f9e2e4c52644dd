// Two who wrote without knowing of each other.
import { type Page, expect } from "@playwright/test";
import { WORDS, addGoal, addMember, askNow, exchange, hasGoal, openGoalOf, takeOut } from "../lists.ts";
import { SAMIRA, enterFirstTime, everythingSent } from "../people.ts";
import { goTo } from "../phone.ts";
import { openGoal } from "../plan.ts";
import { type Tour, at, familyPath, within } from "../screens.ts";
import type { MakeDevice } from "../test.ts";
import { both } from "../words.ts";
import { goalPath, of, press } from "./steps.ts";

export const DISPUTE: Tour = {
  name: "two answers to one question",
  begin: async ({ device }) => ({
    page: await twoPhonesApart(device),
    screens: [
      at("oggi-due-risposte", "/oggi"),
      at("due-risposte", "/da-sistemare"),
      at("percorso-due-risposte", familyPath),
      at("obiettivo-due-risposte", goalPath),
      at("due-risposte-scelta", "/da-sistemare", async (page) => {
        await page.getByRole("button", { name: /^(Vale questa|Keep this one)/ }).first().click();
        await expect(page.locator(".toast")).toBeVisible();
      }),
    ],
  }),
};

export const LISTS: Tour = {
  name: "lists that two people write in",
  begin: async ({ device }) => ({
    page: await listsApart(device),
    screens: [
      at("persone-due-volte", of("/persone")),
      at("oggi-tolto-e-cambiato", "/oggi"),
      at("tolto-e-cambiato", "/da-sistemare"),
      within("main section:has(ol)", "percorso-ordine", familyPath, async (page) => {
        await press(page, "Cambia l’ordine", "Change the order");
        await page.getByRole("button", { name: /^(Su|Up): / }).nth(1).focus();
      }),
      {
        ...at("persone-una-sola", of("/persone")),
        prepare: async (page) => {
          await goTo(page, `${await familyPath(page)}/persone`);
          await page.getByRole("button", { name: /^(Sono la stessa persona|They are the same)/ }).click();
          await expect(page.getByText(/ora è una persona sola|now one person/)).toBeVisible();
        },
      },
      {
        ...at("diario-tolto", of("/diario")),
        prepare: async (page) => {
          await goTo(page, "/da-sistemare");
          await page.getByRole("button", { name: /^(Togli|Take out): / }).first().click();
          await expect(page.locator(".toast")).toBeVisible();
        },
      },
    ],
  }),
};

/** Two phones change the same two fields of a goal without knowing of each other. */
async function twoPhonesApart(device: MakeDevice): Promise<Page> {
  const [first, second] = [device(), device()];
  const page = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  await second.context.setOffline(true);
  await changeGoal(page, "2027-04-10", "Amina chiede alla maestra come va Youssef, in italiano.");
  await everythingSent(page);
  await changeGoal(other, "2027-05-20", "Amina capisce la maestra al colloquio di fine anno.");
  await second.context.setOffline(false);
  await askNow(other);
  await everythingSent(other);
  await askNow(page);
  await everythingSent(page);
  await second.close();
  return page;
}

/** Two phones add the same aunt; one takes out the goal that the other changes. */
async function listsApart(device: MakeDevice): Promise<Page> {
  const [first, second] = [device(), device()];
  const page = await enterFirstTime(first, SAMIRA);
  const other = await enterFirstTime(second, SAMIRA);
  const family = await familyPath(page);
  await addGoal(page, family);
  await exchange(page, other);
  await hasGoal(other, family);
  for (const phone of [first, second]) await phone.context.setOffline(true);
  await addMember(page, family, "Zahra Hassan", "1961-02-03");
  await addMember(other, family, "Hassan Zahra", "1961-02-03");
  await openGoalOf(page, family);
  await takeOut(page);
  await page.getByText(`«${WORDS}» tolto. Resta nel Diario.`).waitFor();
  await openGoalOf(other, family);
  await other.getByLabel("Prossimo passo").first().fill("Chiedere i vasi alla vicina");
  await press(other, "Salva l’obiettivo", "Save the goal");
  await other.getByText("Obiettivo salvato. Sul telefono.").waitFor();
  for (const phone of [first, second]) await phone.context.setOffline(false);
  await exchange(page, other);
  await second.close();
  return page;
}

async function changeGoal(page: Page, date: string, expected: string): Promise<void> {
  await (await openGoal(page, await familyPath(page))).fill(date);
  await page.getByLabel(both("Risultato atteso", "Expected result")).fill(expected);
  await press(page, "Salva l’obiettivo", "Save the goal");
  const saved = both("Obiettivo salvato. Sul telefono.", "Goal saved. On this phone.");
  await expect(page.getByText(saved)).toBeVisible();
}
