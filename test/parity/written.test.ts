/** Written folders are read by the engine, and by transformers and PEFT if Python is available. */

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { publishedClass } from "../../extension/engine/architecture/families/families";
import { writeAdapter } from "../../extension/engine/checkpoint/publishing/adapter-writer";
import { writeModel } from "../../extension/engine/checkpoint/publishing/model-writer";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { missing, python } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";
import { alteredCopy } from "./altered-copy";
import { differences, fixtureFolder, fixtureNames, openSession, readExpected } from "./fixture";
import { leaveScores, scaled, trainedAdapter, trainedTensors } from "./written-folder";

const models = fixtureNames.filter((name) => !name.startsWith("lora-"));
/** transformers supports neither a head with a bias nor the paper's head. */
const loadable = models.filter((name) => name !== "head-trl" && name !== "head-value-mlp");
const barePrefixes = { llama: "model.", gpt2: "transformer.", "gpt-neox": "gpt_neox." };

it.each(models)("a written %s scores as its source", async (name) => {
  const source = await Checkpoint.open(fixtureFolder(name));
  const folder = await temporaryFolder();
  const norm = [...source.tensors].find(([key, { type }]) => /\bnorm|ln_f/.test(key) && type === "F32");
  const trained = new Map(norm ? [[norm[0], await scaled(norm[1], 1)]] : []);
  await writeModel(folder, source, publishedClass(source.config), trained);
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

type Write = (folder: string, source: Checkpoint) => Promise<void>;

const writers: Readonly<Record<string, Write>> = {
  models: async (folder, source) =>
    writeModel(folder, source, publishedClass(source.config), await trainedTensors(source)),
  adapters: async (folder, source) =>
    writeAdapter(folder, source, publishedClass(source.config), await trainedAdapter(source)),
};

it.for(Object.entries(writers))(
  "written %s load in Python and score alike there",
  { timeout: 180_000 },
  async ([kind, write], { skip }) => {
    skip(missing.python !== undefined, missing.python);
    const root = await temporaryFolder();
    const folders: string[] = [];
    const add = async (name: string, source: Checkpoint, label = name): Promise<void> => {
      const folder = join(root, label);
      await mkdir(folder);
      await write(folder, source);
      await leaveScores(folder, name);
      folders.push(folder);
    };
    for (const name of loadable) {
      if (kind === "adapters" && name === "gemma3-multimodal") continue;
      await add(name, await Checkpoint.open(fixtureFolder(name)));
    }
    for (const [name, prefix] of Object.entries(barePrefixes)) {
      const bare = join(root, `${name}-bare-source`);
      await mkdir(bare);
      await alteredCopy(name, bare, { tensorName: (tensor) => tensor.replace(prefix, "") });
      await add(name, await Checkpoint.open(bare), `${name}-bare`);
    }
    const script = join(import.meta.dirname, "check_written.py");
    const { stdout } = await promisify(execFile)(python ?? "", [script, ...folders]);
    expect(stdout.trim().split("\n")).toHaveLength(folders.length);
  },
);
