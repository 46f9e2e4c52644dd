// The everyday screens of who follows families: the mediator-tutor’s and the social worker’s.
import { type Page, expect } from "@playwright/test";
import { ELENA, SAMIRA, enterFirstTime } from "../people.ts";
import { goTo } from "../phone.ts";
import { type Tour, at, familyPath, within } from "../screens.ts";
import { both } from "../words.ts";
import { goalPath, group, heading, of, openMoves, press, tap } from "./steps.ts";

export const MEDIATOR: Tour = {
  name: "the mediator",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      at("oggi", "/oggi"),
      within("dialog", "nuovo", "/oggi", async (page) => {
        await press(page, "Nuovo", "New");
        await expect(page.getByRole("dialog")).toBeVisible();
      }),
      at("famiglie", "/famiglie"),
      within("main", "famiglie-nessuna", "/famiglie", async (page) => {
        await page.getByRole("searchbox").fill("Qwjkvbpm");
        await expect(page.getByText("Qwjkvbpm")).toBeVisible();
      }),
      at("famiglia-percorso", familyPath),
      within(".changes", "percorso-cambiamenti", familyPath, async (page) => press(page, "Vedi", "See")),
      within("form", "percorso-ambito", familyPath, async (page) => {
        await press(page, "Guarda un ambito", "Look at an area");
        await press(page, "Salva", "Save");
        await expect(page.locator(".error:visible")).toBeInViewport();
      }),
      within("details:has(form)", "percorso-chiusura", familyPath, async (page) => {
        await openMoves(page);
        await press(page, "Chiudi il piano", "Close the plan");
        await press(page, "Conferma la chiusura", "Confirm and close");
        await expect(page.locator(".error:visible")).toBeInViewport();
      }),
      at("piano-su-carta", of("/foglio"), async (page) => {
        await page.getByRole("article").getByRole("heading", { name: "خطّتنا" }).waitFor();
      }),
      at("famiglia-diario", of("/diario")),
      at("visita-su-carta", visitPaperPath, async (page) => {
        await page.getByRole("article").getByRole("heading", { name: "ملخّص الزيارة" }).waitFor();
      }),
      within("main form", "nota", of("/diario"), async (page) => {
        await press(page, "Nuova nota", "New note");
        await page.getByLabel(both("Che cosa vuoi ricordare", "What you want to remember")).waitFor();
      }),
      within("main form", "nota-correggi", of("/diario"), async (page) => {
        await correct(page, /^(Nota|Note)$/);
      }),
      within("main form", "visita-correggi", of("/diario"), async (page) => {
        await correct(page, /^(Visita|Visit): /);
      }),
      at("famiglia-storia", of("/storia"), async (page) => {
        await page.locator("summary").filter({ hasText: /^(Obiettivo|Goal)/ }).first().click();
      }),
      at("piano-versioni", of("/versioni")),
      at("famiglia-persone", of("/persone")),
      within("main form", "persone-contatto", of("/persone"), async (page) => {
        await press(page, "Cambia i dati", "Change the data");
        await page.locator("main form").waitFor();
      }),
      within("main form", "persona", of("/persone"), async (page) => {
        await page.getByRole("button", { name: /^(Cambia|Change): Amina/ }).click();
        await page.getByLabel(both("Nome in lettere latine", "Name in Latin letters")).focus();
      }),
      within("main form", "persona-nuova", of("/persone"), async (page) => {
        await press(page, "Aggiungi una persona", "Add a person");
        await press(page, "Salva", "Save");
        await page.getByLabel(both("Nome in lettere latine", "Name in Latin letters")).focus();
      }),
      at("obiettivo", goalPath),
      within("main section form", "azione", goalPath, async (page) => {
        await press(page, "Aggiungi un’azione", "Add an action");
        await tap(group(page, "A che punto è l’azione", "Where the action stands"), /Bloccat|Blocked/);
        await press(page, "Salva l’azione", "Save the action");
        await page.getByLabel(both("Che cosa", "What")).focus();
      }),
      at("obiettivo-nuovo", of("/obiettivo/nuovo")),
      at("obiettivo-nuovo-mancante", of("/obiettivo/nuovo"), async (page) => {
        await press(page, "Salva l’obiettivo", "Save the goal");
      }),
      at("obiettivo-esempi", of("/obiettivo/nuovo"), async (page) => {
        await tap(group(page, "Di che cosa si tratta", "What it is about"), /^(Lavoro|Work)$/);
        await press(page, "Prendi da un esempio", "Take from an example");
        await page.locator("button.example").first().waitFor();
      }),
      at("appuntamento-nuovo", of("/appuntamento/nuovo")),
      at("appuntamento-mancante", of("/appuntamento/nuovo"), async (page) => {
        await page.getByLabel(both("Che giorno", "Which day")).fill("2020-01-01");
        await press(page, "Salva la visita", "Save the visit");
        await expect(page.locator(".error:visible")).toBeInViewport();
      }),
      at("appuntamento", appointmentPath),
      at("visita", of("/visita/nuova")),
      at("visita-obiettivo", of("/visita/nuova"), firstGoal),
      at("visita-obiettivo-scritto", of("/visita/nuova"), async (page) => {
        await firstGoal(page);
        await sayEverything(page);
      }),
      at("visita-in-breve", of("/visita/nuova"), async (page) => {
        await press(page, "In breve", "In short");
        const summary = both("Che cosa è successo, in breve", "What happened, in short");
        await page.getByLabel(summary).fill("Amina ha parlato da sola con la maestra.");
      }),
      at("da-sistemare", "/da-sistemare"),
      at("altro", "/altro"),
      at("altro-guida", "/altro", async (page) => {
        await heading(page, "Come funziona", "How it works").scrollIntoViewIfNeeded();
      }),
      at("niente", "/non-esiste"),
    ],
  }),
};

export const SOCIAL_WORKER: Tour = {
  name: "the social worker",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), ELENA),
    screens: [
      at("da-rivedere", "/da-rivedere"),
      at("revisione", reviewPath),
      within(".decide", "revisione-senza-perche", reviewPath, async (page) => {
        await press(page, "Restituisci", "Return");
        await expect(page.locator(".error:visible")).toBeInViewport();
      }),
      at("famiglia-lettura", familyPath),
    ],
  }),
};

async function correct(page: Page, title: RegExp): Promise<void> {
  const own = page.getByRole("article").filter({
    has: page.getByRole("heading", { name: title }),
    hasText: /Correggi|Correct/,
  });
  await own.getByRole("button", { name: both("Correggi", "Correct") }).first().click();
  await page.locator("#entry-text").focus();
}

async function firstGoal(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^1\. / }).click();
  await expect(page.locator(".rate").first()).toBeVisible();
}

/** Everything that can be said of a goal at a visit, with what usually lies folded. */
async function sayEverything(page: Page): Promise<void> {
  await tap(group(page, "Secondo la famiglia", "What the family says"), "+1");
  await tap(group(page, "Secondo te", "What you say"), "−1");
  await tap(group(page, "Come risponde la famiglia", "How the family responds"), /./);
  const more = page.getByRole("button", { name: /^(Altri \d+|\d+ more)$/ });
  if (await more.isVisible()) await more.click();
  const said = page.locator("details.behind");
  if ((await said.getAttribute("open")) === null) await said.locator("summary").click();
  await page.getByLabel(both("Nella sua lingua", "In their language")).fill("تحدثت مع المعلمة وحدي.");
  await page.getByLabel(both("In italiano", "In Italian")).fill("Ho parlato con la maestra da sola.");
  await tap(group(page, "Entro quando", "By when"), /Altra|Other/);
}

/** Where the family's next visit is moved: its head leads there. */
async function appointmentPath(page: Page): Promise<string> {
  await goTo(page, await familyPath(page));
  const link = page.locator('header a[href*="/appuntamento/"]').first();
  return (await link.getAttribute("href")) ?? "";
}

/** Where the family's last visit is printed: its entry in the diary leads there. */
async function visitPaperPath(page: Page): Promise<string> {
  await goTo(page, `${await familyPath(page)}/diario`);
  const link = page.getByRole("link", { name: /^(Riassunto della visita|Summary of the visit) / });
  return (await link.first().getAttribute("href")) ?? "";
}

async function reviewPath(page: Page): Promise<string> {
  await goTo(page, "/da-rivedere");
  const link = page.locator('main a[href^="/da-rivedere/"]').first();
  return (await link.getAttribute("href")) ?? "";
}
