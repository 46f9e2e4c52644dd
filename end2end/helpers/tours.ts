// Every screen of the open app and of the office, and how each person gets to it: first what
// stands there on the first day, then what stands there once something has happened.
import { readFileSync } from "node:fs";
import { type Locator, type Page, expect } from "@playwright/test";
import { ARRIVED, lockUnsent } from "./door.ts";
import { ADMINISTRATOR, ARTA, COORDINATOR, ELENA, SAMIRA } from "./people.ts";
import { enterFirstTime, everythingSent } from "./people.ts";
import { type Phone, goTo } from "./phone.ts";
import { sign } from "./ink.ts";
import { WORDS, addGoal, addMember, exchange, openGoalOf, takeOut } from "./lists.ts";
import { atTheOffice, giveTo } from "./office.ts";
import { openGoal, sendNow, writeNote } from "./plan.ts";
import { type Tour, at, familyNamed, familyPath, served, within } from "./screens.ts";
import type { MakeDevice } from "./test.ts";
import { both } from "./words.ts";

/** Where something of the demonstration's family is: its path and what comes after it. */
const of = (rest: string) => async (page: Page) => `${await familyPath(page)}${rest}`;

const MEDIATOR: Tour = {
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
        await press(page, "Chiudi il percorso", "Close the plan");
        await press(page, "Conferma la chiusura", "Confirm and close");
        await expect(page.locator(".error:visible")).toBeInViewport();
      }),
      at("famiglia-diario", of("/diario")),
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
      at("famiglia-persone", of("/persone")),
      within("main form", "persone-contatto", of("/persone"), async (page) => {
        await press(page, "Cambia i dati", "Change the data");
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

const SOCIAL_WORKER: Tour = {
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

const OFFICE_OF_FAMILIES: Tour = {
  name: "the coordinator",
  begin: async ({ device }) => ({
    page: await atTheOffice(device, COORDINATOR),
    screens: [
      served("ufficio-famiglie", "/ufficio/famiglie"),
      served("ufficio-famiglie-assegnata", "/ufficio/famiglie", async (page) => {
        const tutor = page.locator("form.assign").first().locator("select").first();
        const others = tutor.locator("option:not([selected]):not([value=''])");
        await tutor.selectOption({ label: (await others.first().textContent()) ?? "" });
        await page.getByRole("button", { name: both("Assegna", "Assign") }).first().click();
        await expect(page.locator("main .notice")).toBeVisible();
      }),
      served("ufficio-sospensioni", "/ufficio/sospensioni"),
      served("ufficio-sospesa", "/ufficio/sospensioni", async (page) => {
        const row = page.getByRole("row", { name: /^Ionela Munteanu/ }).first();
        await row.getByRole("button").click();
        await expect(page.locator("main .notice")).toBeVisible();
      }),
      served("ufficio-altro-ruolo", "/ufficio/registro"),
    ],
  }),
};

const OFFICE_OF_PEOPLE: Tour = {
  name: "the administrator",
  begin: async ({ device }) => ({
    page: await atTheOffice(device, ADMINISTRATOR),
    screens: [
      served("ufficio-persone", "/ufficio/persone"),
      served("ufficio-persona-aggiunta", "/ufficio/persone", async (page) => {
        added += 1;
        await addPerson(page, `nadia${added}`);
      }),
      served("ufficio-persona-doppia", "/ufficio/persone", async (page) => {
        await addPerson(page, SAMIRA.login);
      }),
      served("ufficio-telefoni", "/ufficio/telefoni"),
      served("ufficio-registro", "/ufficio/registro"),
      served("problema-indirizzo", "/niente.txt"),
      served("problema-altro-sito", "/ufficio/persone", async (page) => {
        await page.locator("form[action='/accesso/uscita'] input[name=token]").evaluate((token) => {
          token.setAttribute("value", "of-another-site");
        });
        await page.getByRole("button", { name: both("Esci", "Sign out") }).click();
        await expect(page.getByText(/da un altro sito|from another site/)).toBeVisible();
      }),
    ],
  }),
};

const AGREEMENT: Tour = {
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

const COURSE: Tour = {
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
          await press(page, "Chiudi il percorso", "Close the plan");
          await tap(group(page, "Perché si chiude", "Why it is closed"), /trasferita|moved away/);
          await press(page, "Conferma la chiusura", "Confirm and close");
          const closed = /^(Piano chiuso|Plan closed): .*(Sul telefono|On this phone)\.$/;
          await page.getByText(closed).waitFor();
        },
      },
    ],
  }),
};

const DISPUTE: Tour = {
  name: "two answers to one question",
  begin: async ({ device }) => ({
    page: await twoPhonesApart(device),
    screens: [
      at("oggi-due-risposte", "/oggi"),
      at("due-risposte", "/da-sistemare"),
      at("percorso-due-risposte", familyPath),
      at("obiettivo-due-risposte", goalPath),
      at("due-risposte-scelta", "/da-sistemare", async (page) => {
        await page.getByRole("button", { name: /^(Vale questa|This one holds)/ }).first().click();
        await expect(page.locator(".toast")).toBeVisible();
      }),
    ],
  }),
};

const LISTS: Tour = {
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

const UNSENT: Tour = {
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

const HEIR: Tour = {
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

const RECORDED: Tour = {
  name: "a voice and a photo",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      within("main .attach", "diario-voce", of("/diario"), async (page) => {
        await press(page, "Voce", "Voice");
        await expect(page.getByText(both("Sto registrando", "Recording"))).toBeVisible();
      }),
      {
        ...at("diario-allegati", of("/diario")),
        prepare: async (page) => {
          await goTo(page, `${await familyPath(page)}/diario`);
          const photo = { name: "tavolo.jpg", mimeType: "image/jpeg", buffer: await table(page) };
          await page.getByLabel(both("Foto", "Photo")).setInputFiles(photo);
          await page.getByText(/^(Foto salvata|Photo saved)\. /).waitFor();
          await everythingSent(page);
        },
      },
      within("dialog[open]", "diario-foto", of("/diario"), async (page) => {
        await press(page, "Apri la foto", "Open the photo");
        const dialog = page.getByRole("dialog");
        await expect(dialog.getByRole("img", { name: both("Foto", "Photo") })).toBeVisible();
      }),
    ],
  }),
};

const FULL_DISK: Tour = {
  name: "a full disk",
  begin: async ({ device }) => {
    const phone = device();
    return {
      page: await enterFirstTime(phone, SAMIRA),
      screens: [
        {
          ...at("visita-spazio-finito", of("/visita/nuova"), async (page) => {
            await press(page, "In breve", "In short");
            await typeUntilRefused(page);
          }),
          prepare: () => phone.fillDisk(),
        },
        within("main form", "nota-spazio-finito", of("/diario"), async (page) => {
          await press(page, "Nuova nota", "New note");
          await page
            .getByLabel(both("Che cosa vuoi ricordare", "What you want to remember"))
            .fill("La scuola ha spostato il colloquio a martedì.");
          await press(page, "Salva", "Save");
          await page.getByText(/^(Non è salvato: lo spazio|Not saved: this phone)/).waitFor();
        }),
      ],
    };
  },
};

const BROUGHT: Tour = {
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
          await page.getByText(/^(Questo file non è sigillato|This file was not sealed)/).waitFor();
        }),
      ],
    };
  },
};

const UPDATE: Tour = {
  name: "an update that waits",
  begin: async ({ server, device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      {
        ...at("oggi-aggiornamento", "/oggi", async (page) => {
          await expect(page.locator(".toast")).toContainText(/Aggiornamento pronto|An update is ready/);
        }),
        prepare: async (page) => {
          await server.update();
          await page.evaluate(async () => {
            await (await navigator.serviceWorker.ready).update();
          });
          const ready = page.locator(".toast").filter({ hasText: /Aggiornamento pronto|An update is ready/ });
          await expect(ready).toBeVisible({ timeout: 30_000 });
        },
      },
      at("altro-aggiornamento", "/altro", async (page) => {
        await page.locator(".toast").getByRole("button", { name: both("Chiudi", "Close") }).click();
        await page.getByRole("button", { name: both("Aggiorna", "Update") }).scrollIntoViewIfNeeded();
      }),
    ],
  }),
};

export const TOURS: Tour[] = [
  MEDIATOR,
  SOCIAL_WORKER,
  OFFICE_OF_FAMILIES,
  OFFICE_OF_PEOPLE,
  AGREEMENT,
  COURSE,
  DISPUTE,
  LISTS,
  UNSENT,
  HEIR,
  RECORDED,
  FULL_DISK,
  BROUGHT,
  UPDATE,
];

/** Where somebody brings a colleague's file. */
const BRING = "section[aria-labelledby=bring]";

// Nobody is added twice under the same name.
let added = 0;

async function press(page: Page, italian: string, english: string): Promise<void> {
  await page.getByRole("button", { name: both(italian, english) }).first().click();
}

function heading(page: Page, italian: string, english: string): Locator {
  return page.getByRole("heading", { name: both(italian, english) });
}

function group(page: Page, italian: string, english: string): Locator {
  return page.getByRole("group", { name: both(italian, english) });
}

/** Chips are pressed on their words, as a thumb does. */
async function tap(chips: Locator, words: string | RegExp): Promise<void> {
  await chips.locator("label").filter({ hasText: words }).first().click();
}

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
  await page.getByLabel(both("Nella sua lingua", "In its language")).fill("تحدثت مع المعلمة وحدي.");
  await page.getByLabel(both("In italiano", "In Italian")).fill("Ho parlato con la maestra da sola.");
  await tap(group(page, "Entro quando", "By when"), /Altra|Other/);
}

async function answer(page: Page): Promise<void> {
  await press(page, "Registra la risposta della famiglia", "Record the family’s answer");
  await heading(page, "La risposta della famiglia", "The family’s answer").scrollIntoViewIfNeeded();
}

async function onTheGlass(page: Page): Promise<void> {
  const how = group(page, "Come ha risposto", "How they answered");
  await tap(how, /Firma sul telefono|Signed on the phone/);
}

async function refused(page: Page): Promise<void> {
  await page.getByRole("region", { name: /^(Serve una mano|Needs a hand) \d/ }).waitFor();
}

/** Unfolds what can be done with the whole plan. */
async function openMoves(page: Page): Promise<void> {
  const moves = both("Cambia lo stato del piano", "Change the state of the plan");
  await page.locator("summary").filter({ hasText: moves }).click();
}

/** Where the family's next visit is moved: its head leads there. */
async function appointmentPath(page: Page): Promise<string> {
  await goTo(page, await familyPath(page));
  const link = page.locator('header a[href*="/appuntamento/"]').first();
  return (await link.getAttribute("href")) ?? "";
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

async function addPerson(page: Page, login: string): Promise<void> {
  await page.getByLabel(both("Nome e cognome", "First and last name")).fill("Nadia Ferri");
  await page.locator("#login").fill(login);
  await page.getByRole("button", { name: both("Aggiungi", "Add") }).click();
  await expect(page.locator("main .notice")).toBeVisible();
}

/** A photo of a table with a letter on it. */
async function table(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1_200, 900];
    const glass = canvas.getContext("2d");
    if (glass === null) throw new Error("no glass");
    const draw = (colour: string, ...[x, y, wide, high]: [number, number, number, number]): void => {
      glass.fillStyle = colour;
      glass.fillRect(x, y, wide, high);
    };
    draw("#a97142", 0, 0, 1_200, 900);
    draw("#fdfbf4", 330, 110, 540, 700);
    for (let line = 0; line < 14; line += 1) {
      draw("#5a6270", 390, 180 + line * 40, line % 5 === 4 ? 220 : 420, 8);
    }
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1] ?? "";
  });
  return Buffer.from(base64, "base64");
}

/** Types on until the disk refuses what is typed: the browser finds out only after a while. */
async function typeUntilRefused(page: Page): Promise<void> {
  const summary = both("Che cosa è successo, in breve", "What happened, in short");
  const refusal = both("Non ancora sul telefono", "Not on this phone yet");
  let typed = "Amina ha parlato da sola";
  await expect(async () => {
    typed += " con la maestra";
    await page.getByLabel(summary).fill(typed);
    await expect(page.getByText(refusal)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

/** Writes a note that is not sent, locks the phone and takes the note off it sealed. */
async function sealedFile(phone: Phone): Promise<Buffer> {
  const page = await enterFirstTime(phone, SAMIRA);
  await lockUnsent(phone, page);
  const asked = page.waitForEvent("download");
  await press(page, "Salva il file sigillato", "Save the sealed file");
  const file = readFileSync(await (await asked).path());
  await phone.close();
  return file;
}

async function bring(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: "sigillato.json", mimeType: "application/json", buffer };
  await page.getByLabel(both("Scegli il file", "Choose the file")).setInputFiles(file);
}

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
  await sendNow(other);
  await everythingSent(other);
  await sendNow(page);
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
