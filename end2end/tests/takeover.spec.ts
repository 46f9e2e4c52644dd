// A family is given to somebody else while its former tutor has unsent work: nothing is lost, and
// whoever follows the family now decides about each thing. A suspended tutor is told so plainly, and
// so are the owner of a phone that was revoked and a person whose account was closed.
import { readFileSync } from "node:fs";
import { type Page, expect } from "@playwright/test";
import { askNow } from "../helpers/lists.ts";
import { atTheOffice, giveTo } from "../helpers/office.ts";
import {
  ADMINISTRATOR,
  ARTA,
  COORDINATOR,
  ELENA,
  PIN,
  SAMIRA,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { goTo, letDaysPass } from "../helpers/phone.ts";
import { sendNow, writeNote } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const KEPT = "Youssef ha trovato un posto al doposcuola.";
const DOUBLE = "Amina chiede di spostare il colloquio.";
const WHY = "L’ho già scritto io ieri.";

test("unsent words of a former tutor are adopted or declined, and she is told", async ({
  server,
  device,
}) => {
  const [former, heir, office] = [device(), device(), device("desk")];
  const page = await enterFirstTime(former, SAMIRA);
  const family = await familyPath(page);
  await former.context.setOffline(true);
  await writeNote(page, family, KEPT);
  await writeNote(page, family, DOUBLE);
  await giveTo(office, family, SAMIRA, ARTA);
  await former.context.setOffline(false);

  await test.step("her phone gives the family up and keeps her words", async () => {
    await sendNow(page);
    await expect(box(page)).toBeVisible({ timeout: 30_000 });
    await expect(box(page).getByLabel(/^Il testo/)).toHaveCount(2);
    await goTo(page, "/famiglie");
    await expect(page.getByRole("heading", { level: 3, name: /Hassan/ })).toHaveCount(0);
    await goTo(page, "/altro");
    const hand = box(page).getByRole("button", { name: "Consegna a chi segue la famiglia" });
    // The last words of the phone lie over the lower edge for a while.
    await hand.first().evaluate((button) => button.scrollIntoView({ block: "center" }));
    await hand.first().click();
    await expect(box(page).getByText(/^Nota.*Consegnata: /)).toBeVisible();
  });

  await test.step("her successor adopts one and declines the other with a reason", async () => {
    const arta = await enterFirstTime(heir, ARTA);
    await goTo(arta, "/oggi");
    await arta.getByRole("link", { name: /Da riprendere/ }).click();
    const card = (words: string) => arta.locator("section.card").filter({ hasText: words });
    await expect(card(KEPT)).toContainText("Scritta da Samira Belhadj");
    await expect(card(KEPT)).toContainText("Consegnata da Samira Belhadj");
    await expect(card(DOUBLE)).toContainText("la famiglia non era più affidata a chi l’ha scritta");
    await card(KEPT).getByRole("button", { name: "Riprendi nella scheda" }).click();
    await expect(card(KEPT)).toHaveCount(0);
    await card(DOUBLE).getByRole("button", { name: "Non riprendere" }).click();
    await card(DOUBLE).getByRole("button", { name: "Conferma, non riprendere" }).click();
    await expect(arta.getByText("Scrivi in due parole perché, poi conferma.")).toBeVisible();
    await card(DOUBLE).getByLabel("Perché non la riprendi").fill(WHY);
    await card(DOUBLE).getByRole("button", { name: "Conferma, non riprendere" }).click();
    await expect(arta.getByText("Niente da riprendere")).toBeVisible();
    await everythingSent(arta);
    await goTo(arta, `${family}/diario`);
    const entry = arta.getByRole("article").filter({ hasText: KEPT });
    await expect(entry).toContainText("Samira Belhadj");
    await expect(arta.getByText(DOUBLE)).toHaveCount(0);
    await goTo(arta, "/oggi");
    await expect(arta.getByRole("link", { name: /Da riprendere/ })).toHaveCount(0);
  });

  await test.step("the author reads what became of each", async () => {
    await askNow(page);
    await expect(box(page).getByText(/Ripresa da Arta Prifti/)).toBeVisible({ timeout: 30_000 });
    const declined = box(page).getByText(`Non ripresa da Arta Prifti: «${WHY}»`);
    await expect(declined).toBeVisible();
  });

  expect([...former.errors, ...heir.errors]).toEqual([]);
  for (const words of [KEPT, DOUBLE, WHY]) expect(server.log).not.toContain(words);
});

test("refused words are corrected where they lie and go out once the family is back", async ({ device }) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.setOffline(true);
  await writeNote(page, family, KEPT);
  await giveTo(device("desk"), family, SAMIRA, ARTA);
  await phone.context.setOffline(false);
  await sendNow(page);
  await expect(box(page)).toBeVisible({ timeout: 30_000 });
  await giveTo(device("desk"), family, ARTA, SAMIRA);
  await askNow(page);
  await goTo(page, "/famiglie");
  await expect(page.getByRole("heading", { level: 3, name: /Hassan/ })).toBeVisible();

  await goTo(page, "/altro");
  const asked = page.waitForEvent("download");
  await box(page).getByRole("link", { name: "Salva come file" }).click();
  const saved = await asked;
  expect(saved.suggestedFilename()).toBe("percorso.txt");
  const file = readFileSync(await saved.path(), "utf8");
  expect(file.startsWith(`${KEPT}\n\n{\n`)).toBe(true);
  expect(JSON.parse(file.slice(KEPT.length))).toEqual({ note_added: { words: KEPT } });
  await box(page).getByLabel("Il testo: puoi correggerlo, o copiarlo").fill(DOUBLE);
  await box(page).getByRole("button", { name: "Scrivilo di nuovo e invia" }).click();
  await expect(page.getByText(/^Scritto di nuovo al posto del vecchio/)).toBeVisible();
  await expect(box(page)).toHaveCount(0);
  await sendNow(page);
  await everythingSent(page);
  await goTo(page, `${family}/diario`);
  await expect(page.getByRole("article").filter({ hasText: DOUBLE })).toContainText("Accettato");
  await expect(page.getByText(KEPT)).toHaveCount(0);
  expect(phone.errors).toEqual([]);
});

test("a suspended tutor is told, loses nothing, and goes on when it ends", async ({ device }) => {
  const [phone, office] = [device(), device("desk")];
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const desk = await atTheOffice(() => office, COORDINATOR);
  await expect(desk.getByText("Dati dimostrativi", { exact: true })).toBeVisible();
  await desk.goto("/ufficio/sospensioni");
  await desk.getByRole("button", { name: "Sospendi: Samira Belhadj", exact: true }).click();
  await expect(desk.getByText(/^Sospeso fino a /)).toBeVisible();

  await writeNote(page, family, KEPT);
  await sendNow(page);
  await expect(page.getByText(/L’ufficio ha sospeso il tuo accesso/)).toBeVisible();
  await expect(page.getByText("Ancora solo qui")).toBeVisible();

  await desk.getByRole("button", { name: "Riammetti: Samira Belhadj", exact: true }).click();
  await expect(desk.getByText(/^Riammesso/)).toBeVisible();
  await sendNow(page);
  await everythingSent(page);
  await goTo(page, `${family}/diario`);
  await expect(page.getByRole("article").filter({ hasText: KEPT })).toContainText("Accettato");
  expect(phone.errors).toEqual([]);
});

test("a revoked phone is told, and what it had not sent waits for whoever follows the family", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.setOffline(true);
  await writeNote(page, family, KEPT);

  await test.step("the administrator revokes the phone", async () => {
    const desk = await atTheOffice(() => device("desk"), ADMINISTRATOR);
    await desk.getByRole("link", { name: "Telefoni" }).first().click();
    const row = desk.getByRole("row", { name: SAMIRA.name });
    await row.getByRole("button", { name: /^Revoca/ }).click();
    await expect(desk.getByText("Revocato: da ora non riceve e non invia più nulla.")).toBeVisible();
    await expect(row).toContainText("Revocato");
  });

  await test.step("at its next contact the phone asks to sign in, and its words go sealed", async () => {
    await phone.context.setOffline(false);
    await sendNow(page);
    await expect(page.getByText("L’accesso è scaduto")).toBeVisible();
    await expect(page.getByText("Una è messa da parte")).toBeVisible();
  });

  await test.step("signed in, it says that it was shut out, and keeps what it has", async () => {
    await page.getByRole("button", { name: "Entra" }).first().click();
    await signIn(page, SAMIRA);
    await unlock(page);
    await expect(page.locator("a.sending").first()).toHaveText("Telefono escluso");
    await goTo(page, "/oggi");
    const fix = page.getByRole("region", { name: /^Da sistemare/ });
    await expect(fix).toContainText("L’ufficio ha tolto l’accesso a questo telefono: chiama l’ufficio.");
    await sendNow(page);
    await expect(page.getByText(/^L’ufficio ha tolto l’accesso a questo telefono/)).toBeVisible();
    await expect(page.getByText(/^Questo telefono non invia più da solo/)).toBeVisible();
    await expect(box(page)).toContainText("L’ufficio aveva tolto l’accesso a questo telefono quando");
    await goTo(page, `${family}/diario`);
    await expect(page.getByRole("article").filter({ hasText: KEPT })).toContainText("Serve una mano");
  });

  await test.step("her words wait outside the file, and come in once somebody decides", async () => {
    const another = device();
    const again = await enterFirstTime(another, SAMIRA);
    await goTo(again, `${family}/diario`);
    await expect(again.getByText(KEPT)).toHaveCount(0);
    await goTo(again, "/da-riprendere");
    const card = again.locator("section.card").filter({ hasText: KEPT });
    await expect(card).toContainText("Scritta da Samira Belhadj");
    await expect(card).toContainText("Viene da un telefono a cui l’ufficio ha tolto l’accesso");
    await card.getByRole("button", { name: "Riprendi nella scheda" }).click();
    await expect(again.getByText("Niente da riprendere")).toBeVisible();
    await everythingSent(again);
    await goTo(again, `${family}/diario`);
    await expect(again.getByRole("article").filter({ hasText: KEPT })).toContainText("Accettato");
    expect(another.errors).toEqual([]);
  });

  await test.step("after fourteen days it stays shut, although she is signed in", async () => {
    await letDaysPass(page, 15);
    await page.reload();
    await typePin(page, PIN);
    const over = page.getByRole("heading", { name: "Da 14 giorni senza contatto" });
    await expect(over).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/^L’ufficio ha tolto o sospeso il tuo accesso/)).toBeVisible();
    await page.getByRole("button", { name: "Riprova" }).click();
    await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
    expect(phone.errors).toEqual([]);
  });

  expect(server.log).not.toContain(KEPT);
});

test("a closed account is told as what it is, and its words come in by a person or once it is open", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.setOffline(true);
  await writeNote(page, family, KEPT);
  await writeNote(page, family, DOUBLE);
  const office = await atTheOffice(() => device("desk"), ADMINISTRATOR);
  await office.getByRole("button", { name: "Chiudi l’accesso: Samira Belhadj", exact: true }).click();
  await expect(office.getByText("Chiuso: i suoi accessi finiscono ora.")).toBeVisible();

  await test.step("her words go sealed, and she is told why they wait", async () => {
    await phone.context.setOffline(false);
    await sendNow(page);
    await expect(page.getByText("L’accesso è scaduto")).toBeVisible();
    const why = box(page).getByText(/il tuo accesso era chiuso/);
    await expect(why).toHaveCount(2, { timeout: 30_000 });
    // Both may come in as they are: said anew, they would be there twice.
    for (const name of ["Scrivilo di nuovo e invia", "Consegna a chi segue la famiglia"]) {
      await expect(box(page).getByRole("button", { name })).toHaveCount(0);
    }
    await expect(box(page).getByRole("link", { name: "Salva come file" })).toHaveCount(2);
  });

  await test.step("the social worker reads the same reason, and takes one in", async () => {
    const elena = await enterFirstTime(device("desk"), ELENA);
    await goTo(elena, "/da-riprendere");
    const card = (words: string) => elena.locator("section.card").filter({ hasText: words });
    for (const words of [KEPT, DOUBLE]) {
      await expect(card(words)).toContainText("Scritta da Samira Belhadj");
      await expect(card(words)).toContainText("l’accesso di chi l’ha scritta era chiuso");
    }
    await card(KEPT).getByRole("button", { name: "Riprendi nella scheda" }).click();
    await expect(card(KEPT)).toHaveCount(0);
    await expect(card(DOUBLE)).toBeVisible();
  });

  await test.step("with the account open again the other comes in by itself", async () => {
    await office.getByRole("button", { name: "Riapri l’accesso: Samira Belhadj", exact: true }).click();
    await expect(office.getByText("Riammesso.", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Entra" }).first().click();
    await signIn(page, SAMIRA);
    await unlock(page);
    await askNow(page);
    const taken = box(page).getByText(/Ripresa da Elena Rossetti/);
    await expect(taken).toBeVisible({ timeout: 30_000 });
    await expect(box(page).getByText(/L’ufficio l’ha già accettata/)).toBeVisible();
    await goTo(page, `${family}/diario`);
    for (const words of [KEPT, DOUBLE]) {
      await expect(page.getByRole("article").filter({ hasText: words })).toHaveCount(1);
    }
    expect(phone.errors).toEqual([]);
  });

  for (const words of [KEPT, DOUBLE]) expect(server.log).not.toContain(words);
});

function box(page: Page) {
  return page.getByRole("region", { name: /^Serve una mano/ });
}
