// What the phone itself brings: a microphone, a camera, a disk that fills up, an update.
import { type Page, expect } from "@playwright/test";
import { SAMIRA, enterFirstTime, everythingSent, unlock } from "../people.ts";
import { goTo } from "../phone.ts";
import { type Tour, at, familyPath, within } from "../screens.ts";
import { both } from "../words.ts";
import { of, press } from "./steps.ts";

export const RECORDED: Tour = {
  name: "a voice and a photo",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      within("main .attach", "diario-voce", of("/diario"), async (page) => {
        await press(page, "Voce", "Voice");
        await expect(page.getByText(both("Sto registrando", "Recording"))).toBeVisible();
      }),
      {
        ...within("main .attach", "diario-voce-interrotta", of("/diario"), async (page) => {
          await page.getByText(/^(Una nota a voce del Diario si è interrotta|A voice note of the diary was cut off)/).waitFor();
        }),
        prepare: async (page) => {
          await goTo(page, `${await familyPath(page)}/diario`);
          await press(page, "Voce", "Voice");
          await expect(page.locator(".attach__time")).toHaveText(/^0:0[4-9]$/);
          // As when the battery dies: nobody ends it.
          await page.reload();
          await unlock(page);
        },
      },
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

export const FULL_DISK: Tour = {
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
        {
          ...within("main .attach", "voce-spazio-finito", of("/diario"), async (page) => {
            await press(page, "Voce", "Voice");
            await expect(page.locator(".attach__time")).toHaveText(/^0:0[1-9]$/);
            await press(page, "Ferma e salva", "Stop and save");
            await page.getByText(/^(Non è salvato: la memoria|Not saved: the phone)/).waitFor();
          }),
          leave: (page) => press(page, "Butta via", "Discard"),
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

export const UPDATE: Tour = {
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
