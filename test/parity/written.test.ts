/** Folders that the writers made, opened again: by the engine, and by transformers and PEFT where there is a Python. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { Checkpoint } from "../../extension/engine/checkpoint/checkpoint";
import { writeModel } from "../../extension/engine/checkpoint/model-writer";
import { temporaryFolder } from "../support/temp-folder";
import { alteredCopy } from "./altered-copy";
import { differences, fixtureFolder, fixtureNames, openSession, readExpected } from "./fixture";
import { leaveScores, scaled, trainedTensors } from "./written-folder";

/** A Python with requirements.txt; without one the comparison with transformers is left out. */
const python = process.env.REWARD_LENS_PYTHON;
const models = fixtureNames.filter((name) => !name.startsWith("lora-"));

it.each(models)("a written %s scores as its source", async (name) => {
  const source = await Checkpoint.open(fixtureFolder(name));
  const folder = await temporaryFolder();
  const norm = [...source.tensors].find(([key, { type }]) => /\bnorm|ln_f/.test(key) && type === "F32");
  const trained = new Map(norm ? [[norm[0], await scaled(norm[1], 1)]] : []);
  await writeModel(folder, source, trained);
  const expected = await readExpected(name);
  const session = await openSession(folder, { provider: "cpu", kernels: "fused" });
  const found = await differences(
    session,
    expected,
    expected.sequences.map((_, i) => [i]),
  );
  await session.release();
  expect(Math.max(found.hidden, found.partialReward, found.q)).toBeLessThan(1e-4);
});

it.skipIf(python === undefined)(
  "transformers loads written models and scores alike (needs REWARD_LENS_PYTHON)",
  { timeout: 180_000 },
  async () => {
    const root = await temporaryFolder();
    const folders: string[] = [];
    // transformers has no head with a bias, nor the paper's.
    for (const name of models.filter((model) => model !== "head-trl" && model !== "head-value-mlp")) {
      const source = await Checkpoint.open(fixtureFolder(name));
      const folder = join(root, name);
      await mkdir(folder);
      await writeModel(folder, source, await trainedTensors(source));
      await leaveScores(folder, name);
      folders.push(folder);
    }
    for (const [name, prefix] of [
      ["llama", "model."],
      ["gpt2", "transformer."],
      ["gpt-neox", "gpt_neox."],
    ] as const) {
      const bare = join(root, `${name}-bare-source`);
      const folder = join(root, `${name}-bare`);
      await mkdir(bare);
      await mkdir(folder);
      await alteredCopy(name, bare, { tensorName: (tensor) => tensor.replace(prefix, "") });
      const source = await Checkpoint.open(bare);
      await writeModel(folder, source, await trainedTensors(source));
      await leaveScores(folder, name);
      folders.push(folder);
    }
    const script = join(import.meta.dirname, "check_written.py");
    const { stdout } = await promisify(execFile)(python ?? "", [script, ...folders]);
    expect(stdout.trim().split("\n")).toHaveLength(folders.length);
  },
);
