import { defineConfig } from "vitest/config";

/** Runs the unit tests of one area, which `run.mjs` names, in Stryker's copy of the project. */
export default defineConfig({
  test: {
    ...JSON.parse(process.env.MUTATION_TESTS ?? "{}"),
    testTimeout: 30_000,
    // Vitest's cache would lie in node_modules, which the copies share.
    cache: false,
  },
});
