// The server's disk is gone and last night's backup is put back: what people wrote since then is on
// their phones, and comes back from there.
import { rmSync } from "node:fs";
import { expect } from "@playwright/test";
import { ELENA, SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { sendNow } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const BEFORE = "Scritto prima del salvataggio.";
const AFTER = "Scritto dopo il salvataggio.";

test("a day lost with the server's disk comes back from the phones", async ({
  server,
  device,
}) => {
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await note(BEFORE);
  await everythingSent(page);
  const backup = server.file("night.age");
  server.backUp(backup);
  await note(AFTER);
  const buffer = await picture();
  await page.getByLabel("Foto").setInputFiles({ name: "tavolo.jpg", mimeType: "image/jpeg", buffer });
  await expect(page.getByText("Foto salvata. Sul telefono.")).toBeVisible();
  await everythingSent(page);
  const [lost] = server.attachments;
  await phone.close();

  await server.stop();
  server.restore(backup);
  rmSync(server.file("percorso.files"), { recursive: true });
  await server.start();

  // Whoever opens the diary now, on a new device, finds the first note only.
  const desk = device("desk");
  const elena = await enterFirstTime(desk, ELENA);
  await goTo(elena, `${family}/diario`);
  await expect(elena.getByText(BEFORE)).toBeVisible();
  await expect(elena.getByText(AFTER)).toHaveCount(0);

  page = await phone.open(`${family}/diario`);
  await unlock(page);
  await expect(page.getByText(AFTER)).toBeVisible();
  await everythingSent(page);
  // "All sent" stands there already before the phone has heard of the restored server.
  await expect(async () => {
    await sendNow(elena);
    await goTo(elena, `${family}/diario`);
    await expect(elena.getByText(AFTER)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  // So does the photo, whole, on the same terms: under the name that its bytes give it.
  await expect.poll(() => server.attachments).toEqual([lost]);
  // The phone has it once, under its new number.
  await expect(page.getByText(AFTER)).toHaveCount(1);
  expect([...phone.errors, ...desk.errors]).toEqual([]);

  async function picture(): Promise<Buffer> {
    const base64 = await page.evaluate(() => {
      const canvas = document.createElement("canvas");
      return canvas.toDataURL("image/jpeg").split(",")[1] ?? "";
    });
    return Buffer.from(base64, "base64");
  }

  async function note(words: string): Promise<void> {
    await goTo(page, `${family}/diario`);
    await page.getByRole("button", { name: "Nuova nota" }).click();
    await page.getByLabel("Che cosa vuoi ricordare").fill(words);
    await page.getByRole("button", { name: "Salva" }).click();
    await expect(page.getByText("Nota salvata. Sul telefono.").last()).toBeVisible();
  }
});
