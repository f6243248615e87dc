import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// .ci/run asks for a report that it can count.
const report = process.env.TEST_REPORT;

const limits = { testTimeout: 120_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
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
          globalSetup: "test/vscode/support/global-setup.ts",
          // Each file has a server and a browser of its own: two at a time, and behind all others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          expect: { poll: { timeout: 45_000, interval: 100 } },
        },
      },
    ],
  },
});
