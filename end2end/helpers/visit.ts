// A visit and a family's answer as somebody records them, found by role and by the words on the screen.
import { type Page, expect } from "@playwright/test";
import { tap } from "./tours/steps.ts";

/** What is recorded of a visit at home, besides one goal's ratings. */
export interface Visit {
  /** Who was there. */
  present: RegExp;
  step: string;
  summary: string;
}

/** Records a visit from the page of a family that has one goal or more. */
export async function recordVisit(page: Page, { present, step, summary }: Visit): Promise<void> {
  await page.getByRole("link", { name: "Inizia visita" }).click();
  const parts = page.getByRole("navigation", { name: "Parti della visita" });
  await tap(page.getByRole("group", { name: "Chi c’era" }), present);
  await tap(page.getByRole("group", { name: "Dove" }), "A casa");
  await parts.getByRole("button", { name: /^1\. / }).click();
  await tap(page.getByRole("group", { name: "Secondo la famiglia" }), "+1");
  await tap(page.getByRole("group", { name: "Secondo te" }), "0");
  await tap(page.getByRole("group", { name: "Come risponde la famiglia" }), "Partecipa");
  await tap(page.getByRole("group", { name: "Che cosa hai fatto" }), "Ho rinforzato");
  await page.getByLabel("Prossimo passo").fill(step);
  await parts.getByRole("button", { name: "In breve" }).click();
  await page.getByLabel("Che cosa è successo, in breve").fill(summary);
  await page.getByRole("button", { name: "Chiudi visita" }).click();
  await expect(page.getByText("Visita chiusa. Sul telefono.")).toBeVisible();
}

/** What the diary says of the goal that was rated so. */
export const RATED = /Famiglia: \+1 più del previsto\s*Tutor: 0 come previsto\s*La famiglia partecipa\. Ho rinforzato/;

/** Records a family's yes by word of mouth from its page, where a version waits for an answer. */
export async function recordAnswer(page: Page, who: RegExp, witness: string): Promise<void> {
  await page.getByRole("button", { name: "Registra la risposta della famiglia" }).click();
  await tap(page.getByRole("group", { name: "Chi ha risposto" }), who);
  await tap(page.getByRole("group", { name: "Come ha risposto" }), "A voce, con un testimone");
  await page.getByLabel("Chi è testimone").fill(witness);
  await page.getByRole("button", { name: "Salva la risposta" }).click();
  await expect(page.getByText("Risposta salvata. Sul telefono.")).toBeVisible();
}
