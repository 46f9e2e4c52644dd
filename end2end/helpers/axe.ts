// What axe-core finds wrong on a page, as sentences; a screen is done when there are none.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function expectAccessible(page: Page, screen: string): Promise<void> {
  await settled(page);
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const sentences: string[] = [];
  for (const violation of found.violations) {
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
  const found = await new AxeBuilder({ page }).include(place).withRules(["target-size"]).analyze();
  return found.violations.length > 0;
}

/** Colours half-way between light and dark are nobody's: what moves is let come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map((each) => each.finished));
  });
}
