// A picture of every screen in both sizes, languages and schemes, and a page that shows them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Page, expect, test } from "@playwright/test";
import { Phone, goTo } from "../helpers/phone.ts";
import { TOURS, atTheDoor } from "../helpers/screens.ts";
import { Server } from "../helpers/server.ts";

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), "../../target/gallery");
const SIZES = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];
const SCHEMES = ["light", "dark"] as const;
const LANGUAGES = [
  { code: "it", name: "Italiano" },
  { code: "en", name: "English" },
];

let server: Server;

test.beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  server = await Server.fresh();
});

test.afterAll(async () => {
  await server.remove();
  writeFileSync(join(FOLDER, "index.html"), index());
});

test("the door", async () => {
  const phone = new Phone(server.origin);
  await atTheDoor(phone, async (page, name) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await shoot(page, name, "it", size.width);
    }
  });
  await phone.remove();
});

for (const tour of TOURS) {
  test(tour.person.name, async () => {
    const phone = new Phone(server.origin);
    const page = await tour.start(phone);
    for (const language of LANGUAGES) {
      for (const screen of tour.screens) {
        if (screen.isInApp) await chooseLanguage(page, language.name);
        for (const size of SIZES) {
          await page.setViewportSize(size);
          if (!screen.isInApp) await page.goto(`/accesso?lingua=${language.code}`);
          await screen.show(page);
          await shoot(page, screen.name, language.code, size.width);
        }
      }
    }
    await phone.remove();
  });
}

async function chooseLanguage(page: Page, name: string): Promise<void> {
  await goTo(page, "/altro");
  const chip = page.getByRole("radio", { name, exact: true });
  await chip.check({ force: true });
  await expect(chip).toBeChecked();
}

async function shoot(page: Page, name: string, language: string, width: number): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    const path = join(FOLDER, `${name}-${width}-${language}-${scheme}.png`);
    await page.screenshot({ path, animations: "disabled" });
    if (scheme === "light" && language === "it") {
      const whole = join(FOLDER, `${name}-${width}-${language}-${scheme}-whole.png`);
      await page.screenshot({ path: whole, animations: "disabled", fullPage: true });
    }
  }
}

function index(): string {
  const pictures = readdirSync(FOLDER).filter((file) => file.endsWith(".png"));
  const screens = [...new Set(pictures.map((file) => file.replace(/-(360|1280)-.*$/, "")))];
  const sections = screens.map((screen) => {
    const own = pictures.filter((file) => file.replace(/-(360|1280)-.*$/, "") === screen);
    const figures = own.map(
      (file) =>
        `<figure><a href="${file}"><img src="${file}" alt="" loading="lazy"></a>` +
        `<figcaption>${file.slice(screen.length + 1, -4)}</figcaption></figure>`,
    );
    return `<h2>${screen}</h2><div>${figures.join("")}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Percorso, ${screens.length} screens</title>
<style>body{font:14px system-ui;margin:2rem}div{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:0}img{height:22rem;border:1px solid #999}</style>
<h1>${screens.length} screens, ${pictures.length} pictures</h1>${sections.join("\n")}`;
}
