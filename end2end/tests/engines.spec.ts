// The main journey in the engines of the phones that are not Chromium's: open without a network,
// record a visit, be killed, open again with everything there, send it once.
import { appendFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { Firefox, ForeignPhone, WebKit, has } from "../helpers/foreign.ts";
import { diaryEntry } from "../helpers/notes.ts";
import { ELENA, PASSWORD, PIN, SAMIRA, enterFirstTime } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { test } from "../helpers/test.ts";

const SUMMARY = "La madre ha telefonato da sola alla scuola.";
const ENGINES = [
  { name: "Firefox", isHere: has.firefox, make: () => new Firefox(), get: "firefox-esr" },
  { name: "WebKit", isHere: has.webkit, make: () => new WebKit(), get: "webkit2gtk-driver, xvfb" },
];

for (const { name, isHere, make, get } of ENGINES) {
  test(`${name}: a visit recorded without a network is there after a kill, and is sent once`, async ({
    server,
    device,
  }) => {
    if (!isHere) noteSkipped(`${name} is not installed (${get}): the main journey`);
    test.skip(!isHere, `${name} is not on this machine: install ${get}`);
    const phone = new ForeignPhone(make(), server.origin);
    try {
      await phone.open("/");
      await phone.fill("Nome utente", SAMIRA.login);
      await phone.fill("Password", PASSWORD);
      await phone.press("Continua");
      await phone.fill("PIN o frase segreta", PIN);
      await phone.fill("Ancora una volta", PIN);
      await phone.press("Usa questo PIN");
      await phone.sees("Tutto inviato");
      await go(phone, "/famiglie");
      await phone.until("have every family", ALL_HERE);
      await phone.until("list the family that is told in full", `return (() => {${HASSAN}})() !== undefined;`);
      const family = await phone.run<string>(HASSAN);
      await phone.until("be ready for no network", READY);

      await server.stop();
      await phone.open(family);
      await unlock(phone);
      await phone.press("Inizia visita");
      await phone.press("Amina", "chip");
      await phone.press("A casa", "chip");
      await phone.press("In breve");
      await phone.fill("Che cosa è successo, in breve", SUMMARY);
      await phone.press("Chiudi visita");
      await phone.sees("Visita chiusa. Sul telefono.");

      await phone.kill();
      await phone.open(`${family}/diario`);
      await unlock(phone);
      await phone.sees(SUMMARY);
      await phone.sees("1 sul telefono");

      await server.start();
      await phone.run("dispatchEvent(new Event('online'))");
      await phone.sees("Tutto inviato");
      await phone.sees("Accettato");
      const reader = await enterFirstTime(device("desk"), ELENA);
      await goTo(reader, `${family}/diario`);
      await expect(diaryEntry(reader, SUMMARY)).toHaveCount(1);
    } finally {
      await phone.remove();
    }
  });
}

/** Says loudly what is left out, also to whoever runs all tests and says how they went. */
function noteSkipped(what: string): void {
  console.warn(`SKIPPED: ${what}`);
  const list = process.env["PERCORSO_SKIPPED"];
  if (list) appendFileSync(list, `${what}\n`);
}

/** Every family that was granted has come. */
const ALL_HERE = `
  const count = /(\\d+) famiglie/.exec(document.body.innerText);
  const pill = document.querySelector("a.sending");
  return count !== null && Number(count[1]) > 20 && pill?.textContent.includes("Tutto inviato");
`;

/** The address of the family that the demonstration tells in full. */
const HASSAN = `
  const cards = [...document.querySelectorAll("a[href^='/famiglia/']")];
  return cards.find((card) => card.querySelector("h3")?.textContent.includes("Hassan"))?.getAttribute("href");
`;

/** The service worker is in charge and has every file. */
const READY = `return navigator.serviceWorker?.controller?.state === "activated";`;

async function go(phone: ForeignPhone, path: string): Promise<void> {
  const follow = `history.pushState({}, "", arguments[0]);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));`;
  await phone.run(follow, path);
}

async function unlock(phone: ForeignPhone): Promise<void> {
  for (const digit of PIN) await phone.press(digit);
  await phone.press("Apri");
  await phone.until("see the screens", `return document.querySelector(".app") !== null;`);
}
