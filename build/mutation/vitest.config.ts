import { defineConfig } from "vitest/config";

/** Executes the unit tests of one area, set by `run.mjs`, in Stryker's copy of the project. */
export default defineConfig({
  test: {
    ...JSON.parse(process.env.MUTATION_TESTS ?? "{}"),
    testTimeout: 30_000,
    // Vitest's cache is in node_modules, which the copies share.
    cache: false,
  },
});
