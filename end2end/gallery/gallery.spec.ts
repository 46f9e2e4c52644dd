// A picture of every screen in both sizes, languages and schemes, and a page that shows them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Page } from "@playwright/test";
import { DOORS, TEN_WRONG } from "../helpers/door.ts";
import { LANGUAGES, type Screen, walk } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { TOURS } from "../helpers/tours.ts";
import { INSIEME_ELSEWHERE } from "../helpers/tours/insieme.ts";

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), "../../target/gallery");
const PHONE = { width: 360, height: 740 };
const SIZES = [PHONE, { width: 1280, height: 800 }];
const SCHEMES = ["light", "dark"] as const;
const LOCALES = { it: "it-IT", en: "en-GB" } as const;

test.beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
});

test.afterAll(() => {
  writeFileSync(join(FOLDER, "index.html"), index());
});

for (const door of [...DOORS, TEN_WRONG]) {
  test(`the door: ${door.name}`, async ({ device }) => {
    for (const language of ["it", "en"] as const) {
      const phone = device("phone", { locale: LOCALES[language] });
      await door.walk(phone, (page, name) => shoot(page, name, language));
      await phone.close();
    }
  });
}

for (const tour of TOURS) {
  test(tour.name, async ({ server, device }) => {
    await walk(tour, { server, device }, (page, screen, language) => {
      return shoot(page, screen.name, language, screen.part);
    });
  });
}

for (const { tag, tour } of INSIEME_ELSEWHERE) {
  test(tour.name, async ({ server, device }) => {
    const look = (page: Page, screen: Screen) => shoot(page, screen.name, `it-${tag}`, screen.part, [PHONE]);
    await walk(tour, { server, device }, look, [LANGUAGES[0]]);
  });
}

async function shoot(
  page: Page,
  name: string,
  language: string,
  part?: string,
  sizes = SIZES,
): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    if (part !== undefined) {
      await page.locator(part).first().evaluate((node) => node.scrollIntoView({ block: "start" }));
    }
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme });
      const path = join(FOLDER, `${name}-${size.width}-${language}-${scheme}.png`);
      await page.screenshot({ path, animations: "disabled" });
      if (scheme === "light" && language === "it") {
        const whole = path.replace(/\.png$/, "-whole.png");
        await page.screenshot({ path: whole, animations: "disabled", fullPage: true });
      }
    }
  }
  // What comes next is opened at the size of a phone: what scrolls there, scrolls.
  await page.setViewportSize(PHONE);
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
