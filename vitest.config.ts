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
        // What uses VS Code is tested without one.
        resolve: {
          alias: { vscode: fileURLToPath(new URL("test/support/vscode-fake.ts", import.meta.url)) },
        },
        test: {
          ...limits,
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/vscode/**"],
          // By itself it leaves one core of two idle.
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
          // Each file has a server and a browser of its own: two at a time, and behind all others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          expect: { poll: { timeout: 45_000, interval: 100 } },
        },
      },
      // It looks back on all of them.
      { test: { name: "last", include: [lastInVsCode], sequence: { groupOrder: 2 } } },
    ],
  },
});
