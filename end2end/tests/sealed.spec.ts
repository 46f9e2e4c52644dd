// What was saved on a phone that nobody can open any more: it lies sealed, and reaches the server
// all the same, from the phone itself or as a file that a colleague brings. What became of it is said
// where it was written.
import { readFileSync } from "node:fs";
import { type Locator, type Page, expect } from "@playwright/test";
import { filesWith } from "../helpers/disk.ts";
import { diaryEntry, saveNote } from "../helpers/notes.ts";
import { revokePhone } from "../helpers/office.ts";
import {
  ELENA,
  SAMIRA,
  choosePin,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { type Phone, goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WORDS = "Fenicottero-Liquirizia-Diciassette";
const LATER = "Fenicottero-Liquirizia-Diciotto";
const WRONG = "99887766";
const LYING = "Una cosa scritta qui non è ancora arrivata";
const ARRIVED = "Arrivata in ufficio: una cosa.";

test("after the tenth wrong PIN what was saved goes sealed, and comes back", async ({
  server,
  device,
}) => {
  const phone = device("phone", { hasMovableClock: true });
  const { family } = await writeUnsent(phone, server);
  const page = await forgetPin(phone);
  await expect(page.getByText(LYING)).toBeVisible();
  await expect(page.getByText("L’ufficio non risponde")).toBeVisible();

  await server.start();
  await page.getByRole("button", { name: "Invia senza aprire" }).click();
  await expect(page.getByText(ARRIVED)).toBeVisible();
  await expect(page.getByText(LYING)).toHaveCount(0);

  await page.getByRole("button", { name: "Entra" }).click();
  await signIn(page, SAMIRA);
  await choosePin(page, "31415926");
  await goTo(page, `${family}/diario`);
  await expect(page.getByText(WORDS)).toBeVisible({ timeout: 30_000 });
  await everythingSent(page);
  expect(phone.errors).toEqual([]);
});

test("a sealed file says nothing, and a colleague brings it to the server", async ({
  server,
  device,
}) => {
  const phone = device("phone", { hasMovableClock: true });
  const { family } = await writeUnsent(phone, server);
  const page = await forgetPin(phone);
  const asked = page.waitForEvent("download");
  await page.getByRole("button", { name: "Salva il file per un collega" }).click();
  const file = await (await asked).path();
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^\{"envelopes":\["[0-9a-f]+"\]\}$/);
  await phone.close();
  expect(filesWith(phone.profile, WORDS), "files that hold the note").toEqual([]);

  await server.start();
  const desk = device("desk");
  const elena = await enterFirstTime(desk, ELENA);
  await goTo(elena, "/altro");
  const field = elena.getByLabel("Scegli il file");
  await field.setInputFiles({ name: "spesa.txt", mimeType: "text/plain", buffer: Buffer.from("") });
  await expect(elena.getByText("Questo file non viene da Percorso")).toBeVisible();
  const sealed = { name: "f.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await field.setInputFiles(sealed);
  await expect(elena.getByText(ARRIVED)).toBeVisible();
  // Brought twice, it is there once.
  await field.setInputFiles({ ...sealed, name: "g.json" });
  await expect(elena.getByText(ARRIVED)).toBeVisible();
  expect(desk.errors).toEqual([]);

  const again = device();
  const samira = await enterFirstTime(again, SAMIRA);
  await goTo(samira, `${family}/diario`);
  await expect(samira.getByText(WORDS)).toHaveCount(1);
});

test("with the session over, what is saved goes sealed before anybody signs in", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.clearCookies();
  await saveNote(page, family, WORDS);
  await goTo(page, "/altro");
  await expect(page.getByText("L’accesso è scaduto")).toBeVisible();
  await expect(page.getByText(ARRIVED)).toBeVisible();
  await expectMarks(page, family, { [WORDS]: "Accettato" });
  await expect(pill(page)).toHaveText("Accedi di nuovo");
  expect(server.log).not.toContain(WORDS);
});

test("what goes sealed from the locked screen says so once the app is open, without a network too", async ({
  server,
  device,
}) => {
  const phone = device();
  const { family } = await writeUnsent(phone, server);
  await server.start();
  const page = await phone.open(`${family}/diario`);
  await expect(page.getByText(ARRIVED)).toBeVisible();
  await server.stop();
  await unlock(page);
  await expectMarks(page, family, { [WORDS]: "Accettato" });
  await expect(pill(page)).toHaveText("Senza rete");
  await server.start();
  await phone.findNetwork();
  await everythingSent(page);
  await expectMarks(page, family, { [WORDS]: "Accettato" });
  await expect(diaryEntry(page, WORDS)).toHaveCount(1);
  expect(phone.errors).toEqual([]);
});

test("on a phone that was revoked each thing says what became of it, and goes on saying it", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.clearCookies();
  await saveNote(page, family, WORDS);
  await goTo(page, "/altro");
  await expect(page.getByText(ARRIVED)).toBeVisible();

  await revokePhone(device("desk"), SAMIRA);
  await saveNote(page, family, LATER);
  await goTo(page, "/altro");
  await expect(page.getByText("Una è messa da parte")).toBeVisible();
  const marks = { [WORDS]: "Accettato", [LATER]: "Serve una mano" };
  await expectMarks(page, family, marks);
  await expect(pill(page)).toHaveText("Accedi di nuovo");

  await page.reload();
  await unlock(page);
  await expectMarks(page, family, marks);
  await goTo(page, "/altro");
  await page.getByRole("button", { name: "Entra" }).first().click();
  await signIn(page, SAMIRA);
  await unlock(page);
  await expect(pill(page)).toHaveText("Telefono escluso");
  await expectMarks(page, family, marks);
  for (const words of [WORDS, LATER]) expect(server.log).not.toContain(words);
  expect(phone.errors).toEqual([]);
});

/** Writes a note that nobody can send, and puts the phone away. */
async function writeUnsent(
  phone: Phone,
  server: { stop: () => Promise<void> },
): Promise<{ family: string }> {
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await server.stop();
  await saveNote(page, family, WORDS);
  await phone.close();
  expect(filesWith(phone.profile, WORDS), "files that hold the note").toEqual([]);
  return { family };
}

/** What each note says of how far it has gone, in the diary. */
async function expectMarks(
  page: Page,
  family: string,
  marks: Record<string, string>,
): Promise<void> {
  await goTo(page, `${family}/diario`);
  for (const [words, mark] of Object.entries(marks)) {
    await expect(diaryEntry(page, words).getByText(mark)).toBeVisible();
  }
}

function pill(page: Page): Locator {
  return page.locator("a.sending").first();
}

/** Ten wrong PINs, hours apart by the phone's clock. */
async function forgetPin(phone: Phone): Promise<Page> {
  const page = await phone.open("/famiglie");
  for (let tries = 1; tries <= 10; tries += 1) {
    await page.clock.setSystemTime(Date.now() + tries * 3_600_000);
    await typePin(page, WRONG);
    const answer = tries < 10 ? /Ancora \d prov/ : "Troppe prove: il PIN è cancellato";
    await expect(page.locator("main")).toContainText(answer, { timeout: 30_000 });
    // The next answer must be the next try's.
    const left = 10 - tries;
    if (left > 0) await expect(page.getByRole("alert")).toContainText(`Ancora ${left} prov`);
  }
  return page;
}
