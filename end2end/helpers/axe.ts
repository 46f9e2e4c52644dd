// What axe-core finds wrong on a page, as sentences; a screen is done when there are none.
import axe, { type Result, type RunOnly, type RunOptions } from "axe-core";
import { type Page, expect } from "@playwright/test";

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const EVERY_RULE: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

const COLOURS: RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Every rule, on the page or on one part of it. */
export async function expectAccessible(page: Page, screen: string, part?: string): Promise<void> {
  await expectNothing(page, screen, EVERY_RULE, part);
}

/** The rules about colours alone. */
export async function expectReadable(page: Page, screen: string, part?: string): Promise<void> {
  await expectNothing(page, screen, COLOURS, part);
}

/** One thing at most is loud: a second filled button would ask the same eye to go elsewhere. */
export async function expectOneLoud(page: Page, screen: string): Promise<void> {
  await settled(page);
  const loud = await page.locator(".btn--main:visible").evaluateAll((all) => {
    // A part of the app may have an accent of its own: it is asked for where the button stands.
    const accentAt = (button: Element): string => {
      const probe = document.createElement("i");
      probe.style.backgroundColor = "var(--accent)";
      button.append(probe);
      const accent = getComputedStyle(probe).backgroundColor;
      probe.remove();
      return accent;
    };
    const dialog = document.querySelector("dialog[open]");
    return all
      .filter((one) => dialog === null || dialog.contains(one))
      .filter((one) => getComputedStyle(one).backgroundColor === accentAt(one))
      .map((one) => one.textContent?.trim() ?? "");
  });
  expect.soft(loud.length, `filled buttons on ${screen}: ${loud.join(", ")}`).toBeLessThan(2);
}

/** The rules asked for, on the page or on one part of it, and what breaks them. What is right is not
 * told one by one, which takes a quarter of the time. */
async function broken(page: Page, rules: RunOnly, part?: string): Promise<Result[]> {
  // Read by the browser once for each document: half a megabyte, as long as a look itself.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const options = { runOnly: rules, resultTypes: ["violations"], iframes: false } satisfies RunOptions;
  return page.evaluate(
    async ([where, how]) => (await window.axe.run(where ?? document, how)).violations,
    [part, options] as const,
  );
}

async function expectNothing(page: Page, screen: string, rules: RunOnly, part?: string): Promise<void> {
  await settled(page);
  const sentences: string[] = [];
  for (const violation of await broken(page, rules, part)) {
    for (const node of violation.nodes) {
      const place = node.target.join(" ");
      if (violation.id === "target-size" && !(await isSmall(page, place))) continue;
      sentences.push(`${violation.id}: ${violation.help} (${place})`);
    }
  }
  expect.soft(sentences, `axe on ${screen}`).toEqual([]);
}

/** What lies half under the bar at the foot looks small until it is scrolled into sight. */
async function isSmall(page: Page, place: string): Promise<boolean> {
  await page.locator(place).evaluate((node) => node.scrollIntoView({ block: "center" }));
  return (await broken(page, { type: "rule", values: ["target-size"] }, place)).length > 0;
}

/** Colours half-way between light and dark are nobody's: what moves is let come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map((each) => each.finished));
  });
}
