// What axe-core finds wrong on a page, as sentences; a screen is done when there are none.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const COLOURS = ["color-contrast", "link-in-text-block"];

/** Every rule, on the page or on one part of it. */
export async function expectAccessible(page: Page, screen: string, part?: string): Promise<void> {
  await expectNothing(page, screen, axe(page, part).withTags(TAGS));
}

/** The rules about colours alone. */
export async function expectReadable(page: Page, screen: string, part?: string): Promise<void> {
  await expectNothing(page, screen, axe(page, part).withRules(COLOURS));
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

/** Without the mode for foreign frames, of which there are none: it opens a page each time. What is
 * right is not told one by one, which takes a quarter of the time. */
function axe(page: Page, part?: string): AxeBuilder {
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  return part === undefined ? builder : builder.include(part);
}

async function expectNothing(page: Page, screen: string, builder: AxeBuilder): Promise<void> {
  await settled(page);
  const found = await builder.analyze();
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
  const found = await axe(page, place).withRules(["target-size"]).analyze();
  return found.violations.length > 0;
}

/** Colours half-way between light and dark are nobody's: what moves is let come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map((each) => each.finished));
  });
}
