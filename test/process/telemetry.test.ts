/** By default, the runtime keeps an identifier in the user's cache and sends telemetry; the engine disables both. */
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpoint, root, samplePairs } from "../support/fixture";
import { lack } from "../support/lack";
import { temporaryFolder } from "../support/temp-folder";

/** Runs a program with an empty home, and without environment variables that disable the runtime's telemetry. */
async function filesAfter(args: readonly string[]): Promise<string[]> {
  const home = await temporaryFolder();
  const { PATH = "" } = process.env;
  const env = { PATH, HOME: home, XDG_CACHE_HOME: join(home, "cache") };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return (await readdir(home, { recursive: true })).filter((file) => file.includes("Microsoft"));
}

const bare = `
  const { InferenceSession } = require("onnxruntime-node");
  InferenceSession.create(Buffer.alloc(0)).catch(() => process.exit(0));`;

test("scoring leaves no trace of telemetry, unlike the runtime alone", async ({ skip }) => {
  const alone = await filesAfter(["-e", bare]);
  skip(alone.length === 0, lack("this build of the runtime keeps no identifier"));
  const score = ["dist/cli.js", "score", samplePairs, "--model", checkpoint];
  expect(await filesAfter([...score, "--device", "cpu"])).toEqual([]);
  // Devices are measured in separate processes.
  expect(await filesAfter(["dist/cli.js", "devices"])).toEqual([]);
});
