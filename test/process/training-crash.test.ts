/** Training whose process is killed at any time or whose disk is full ends like an uninterrupted run. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { listCheckpoints } from "../../extension/engine/training/store/checkpoints";
import { RunFolder } from "../../extension/engine/training/store/run-folder";
import type { TrainSettings } from "../../extension/protocol/train-settings";
import { root } from "../support/fixture";
import { missing } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";
import { quickPlan, timelessRows, weightsOf } from "../support/training-runs";

const lastStep = 20;
/** Timeout in ms for a dozen consecutive processes on a busy machine. */
const timeout = 300_000;
const settings: Partial<TrainSettings> = {
  maxSteps: lastStep,
  evalSteps: 5,
  saveSteps: 2,
  learningRate: 3e-4,
};

interface Prepared {
  readonly planFile: string;
  /** The run's folder. */
  readonly run: string;
}

let bundle: string;
let unbroken: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-test-"));
  bundle = join(folder, "training.cjs");
  await build({
    entryPoints: [join(root, "test/support/training-main.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    external: ["onnxruntime-node"],
  });
  const prepared = await prepare(folder);
  unbroken = prepared.run;
  expect(await outputOf(start(prepared))).toContain("ended finished");
  return () => rm(folder, { recursive: true, force: true });
}, timeout);

async function prepare(folder: string): Promise<Prepared> {
  const plan = await quickPlan(folder, settings);
  const planFile = join(folder, "plan.json");
  await writeFile(planFile, JSON.stringify(plan));
  return { planFile, run: plan.folder };
}

/** @param blocks maximum file size, in units of 512 bytes */
function start({ planFile }: Prepared, blocks?: number): ChildProcess {
  const command = [process.execPath, bundle, planFile];
  const limited = ["sh", "-c", `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`, ...command];
  const [file = "", ...args] = blocks === undefined ? command : limited;
  return spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_PATH: join(root, "node_modules") },
  });
}

/** Resolves with the output after exit; kills the process `delay` ms after `until` has appeared `times` times. */
function outputOf(child: ChildProcess, until?: string, times = 1, delay = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    let isDoomed = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        if (isDoomed || until === undefined || output.split(until).length <= times) return;
        isDoomed = true;
        setTimeout(() => child.kill("SIGKILL"), delay);
      });
    }
    child.once("error", reject);
    child.once("close", () => resolve(output));
  });
}

async function expectSameEnd(run: string): Promise<void> {
  const rows = await timelessRows(unbroken);
  expect(rows.length).toBe(lastStep + lastStep / 5);
  expect(await timelessRows(run)).toEqual(rows);
  expect((await weightsOf(run)).equals(await weightsOf(unbroken))).toBe(true);
  const [one, other] = [(await RunFolder.open(run)).record, (await RunFolder.open(unbroken)).record];
  expect(one).toMatchObject({ status: "finished", step: lastStep, best: other.best });
  expect(one.rewardQuantiles).toEqual(other.rewardQuantiles);
  const left = [...(await readdir(run)), ...(await readdir(join(run, "checkpoints")))];
  expect(left.filter((name) => /partial|replaced|lock/.test(name))).toEqual([]);
  expect((await listCheckpoints(run)).map(({ step }) => step)).toEqual(
    (await listCheckpoints(unbroken)).map(({ step }) => step),
  );
}

test(
  "a run that is killed again and again ends with the rows and weights of an unbroken one",
  async () => {
    const broken = await prepare(await temporaryFolder());
    // Kills it while it loads, between and during checkpoints, in evaluations, and twice while it finishes.
    const moments: readonly (readonly [text: string, times: number])[] = [
      ["started", 1],
      ["step ", 1],
      ["step ", 3],
      ["evaluation ", 1],
      ["step ", 4],
      [`step ${lastStep}\n`, 1],
      ["started", 1],
    ];
    const kills: string[] = [];
    let resumedAt = 0;
    for (const [text, times] of moments) {
      const delay = Math.random() * 40;
      const output = await outputOf(start(broken), text, times, delay);
      kills.push(`${Math.round(delay)} ms after ${text.trim()} × ${times}: ${output.split("\n").at(-2)}`);
      expect(output, kills.join("\n")).not.toMatch(/fault|error/i);
      const first = Number(/^step (\d+)$/m.exec(output)?.[1] ?? resumedAt);
      // Steps before a checkpoint are not repeated.
      expect(first, kills.join("\n")).toBeGreaterThanOrEqual(resumedAt);
      resumedAt = first;
      if (output.includes("ended")) break;
    }
    expect(kills.length).toBeGreaterThan(3);
    const { status } = (await RunFolder.open(broken.run)).record;
    if (status !== "finished")
      expect(await outputOf(start(broken)), kills.join("\n")).toContain("ended finished");
    await expectSameEnd(broken.run);
  },
  timeout,
);

test(
  "a checkpoint that the disk has no room for ends the run with a message; with room it continues",
  async ({ skip }) => {
    skip(missing.posix !== undefined, missing.posix);
    const full = await prepare(await temporaryFolder());
    await outputOf(start(full), "step 5\n");
    const before = await listCheckpoints(full.run);
    const kept = before.at(-1);
    if (!kept) throw new Error("no checkpoint was written");
    const bytes = await readFile(join(kept.folder, "trainer_state.safetensors"));

    // The weights fit, but the optimizer state, which is three times as large, does not.
    const output = await outputOf(start(full, 1000));
    expect(output).toMatch(/^UnwrittenFile: .*checkpoints.step-\d+.* could not be written/m);
    expect(output).toContain(`the last good checkpoint is ${kept.folder}`);
    const { record } = await RunFolder.open(full.run);
    expect(record.status).toBe("failed");
    expect(record.reason).toMatch(/could not be written/);
    expect((await listCheckpoints(full.run)).map(({ step }) => step)).toEqual(before.map(({ step }) => step));
    expect((await readFile(join(kept.folder, "trainer_state.safetensors"))).equals(bytes)).toBe(true);
    expect((await readdir(join(full.run, "checkpoints"))).filter((name) => name.startsWith("."))).toEqual([]);

    const after = await outputOf(start(full));
    expect(after).toContain(`step ${kept.step + 1}\n`);
    expect(after).toContain("ended finished");
    await expectSameEnd(full.run);
  },
  timeout,
);
