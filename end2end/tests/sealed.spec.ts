// What was saved on a phone that nobody can open any more: it lies sealed, and reaches the server
// all the same, from the phone itself or as a file that a colleague brings.
import { readFileSync } from "node:fs";
import { type Page, expect } from "@playwright/test";
import { filesWith } from "../helpers/disk.ts";
import {
  ELENA,
  SAMIRA,
  choosePin,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
} from "../helpers/people.ts";
import { type Phone, goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WORDS = "Fenicottero-Liquirizia-Diciassette";
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
  await phone.context.clearCookies();
  await writeNote(page, await familyPath(page));
  await goTo(page, "/altro");
  await expect(page.getByText("L’accesso è scaduto")).toBeVisible();
  await expect(page.getByText(ARRIVED)).toBeVisible();
  expect(server.log).not.toContain(WORDS);
});

/** Writes a note that nobody can send, and puts the phone away. */
async function writeUnsent(
  phone: Phone,
  server: { stop: () => Promise<void> },
): Promise<{ family: string }> {
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await server.stop();
  await writeNote(page, family);
  await phone.close();
  expect(filesWith(phone.profile, WORDS), "files that hold the note").toEqual([]);
  return { family };
}

async function writeNote(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await page.getByLabel("Che cosa vuoi ricordare").fill(WORDS);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(page.getByText("Nota salvata. Sul telefono.")).toBeVisible();
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
