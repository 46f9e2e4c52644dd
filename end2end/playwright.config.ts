// Journeys share one machine with a real server and a real browser each: three at a time, since much
// of each is waiting, and no retries, so that a journey that fails now and then is seen to fail.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  workers: 3,
  retries: 0,
  // Only what hangs comes to this end: every step has a limit of its own.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"]],
  outputDir: "test-results",
});
