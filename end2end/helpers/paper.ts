// What stands on a paper for a family, row by row.
import type { Locator, Page } from "@playwright/test";

/** The sheet itself, without what stands around it on the screen. */
export function sheet(page: Page): Locator {
  return page.getByRole("article");
}

/** The row of a goal, by what its domain is called in Italian. */
export function goalOn(page: Page, area: string): Locator {
  return sheet(page)
    .locator(".pair")
    .filter({ has: page.getByRole("heading", { level: 3, name: area, exact: true }) });
}
