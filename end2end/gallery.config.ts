// The gallery is no test: it takes pictures, and fails only where a screen cannot be reached.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "gallery",
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  outputDir: "test-results",
});
