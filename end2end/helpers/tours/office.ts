// The pages of the office, by who sees them.
import { type Page, expect } from "@playwright/test";
import { atTheOffice } from "../office.ts";
import { ADMINISTRATOR, COORDINATOR, SAMIRA } from "../people.ts";
import { type Tour, served } from "../screens.ts";
import { both } from "../words.ts";

export const OFFICE_OF_FAMILIES: Tour = {
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

export const OFFICE_OF_PEOPLE: Tour = {
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

// Nobody is added twice under the same name.
let added = 0;

async function addPerson(page: Page, login: string): Promise<void> {
  await page.getByLabel(both("Nome e cognome", "First and last name")).fill("Nadia Ferri");
  await page.locator("#login").fill(login);
  await page.getByRole("button", { name: both("Aggiungi", "Add") }).click();
  await expect(page.locator("main .notice")).toBeVisible();
}
