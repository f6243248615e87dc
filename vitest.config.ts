import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/summary";

const lastInVsCode = "test/vscode/every-command.test.ts";
const limits = { testTimeout: 120_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    projects: [
      {
        // These tests replace VS Code with a fake.
        resolve: {
          alias: { vscode: fileURLToPath(new URL("test/support/vscode-fake.ts", import.meta.url)) },
        },
        test: {
          ...limits,
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/vscode/**"],
          // The default leaves one of two cores idle.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          ...limits,
          name: "vscode",
          include: ["test/vscode/**/*.test.ts"],
          exclude: [lastInVsCode],
          globalSetup: "test/vscode/support/global-setup.ts",
          // Each file has its own server and browser, so two run at a time, after all other tests.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          expect: { poll: { timeout: 45_000, interval: 100 } },
        },
      },
      // This test checks what all the others did.
      { test: { name: "last", include: [lastInVsCode], sequence: { groupOrder: 2 } } },
    ],
  },
});
