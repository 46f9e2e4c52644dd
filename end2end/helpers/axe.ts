// What axe-core finds wrong on a page, as sentences; a screen is done when there are none.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function expectAccessible(page: Page, screen: string): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const sentences = found.violations.map((violation) => {
    const places = violation.nodes.map((node) => node.target.join(" ")).join(", ");
    return `${violation.id}: ${violation.help} (${places})`;
  });
  expect.soft(sentences, `axe on ${screen}`).toEqual([]);
}
