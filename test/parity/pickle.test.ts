/** The suggested conversion command for a pickle writes a model that scores like the pickle. */
import { exec, execFile } from "node:child_process";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { conversionCommand } from "../../extension/engine/model-folder/pickle-advice";
import { temporaryFolder } from "../support/temp-folder";
import { differences, fixtureFolder, openSession, readExpected } from "./fixture";

const python = process.env.REWARD_INSPECTOR_PYTHON;

/** Saves the tensors with torch.save, some of them with shared memory. */
const toPickles = `
import sys, torch
from safetensors.torch import load_file
tensors = load_file("model.safetensors")
tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"]
tensors["view.weight"] = tensors["model.norm.weight"][1:]
names = sorted(tensors)
for i, file in enumerate(sys.argv[1:]):
    torch.save({name: tensors[name] for name in names[i :: len(sys.argv) - 1]}, file)
`;

it.skipIf(python === undefined).each([
  ["one pickle", "head-value-mlp", ["pytorch_model.bin"]],
  ["shards", "llama", ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"]],
])(
  "%s become safetensors that score alike (needs REWARD_INSPECTOR_PYTHON)",
  { timeout: 180_000 },
  async (_, name, files) => {
    const folder = await temporaryFolder();
    for (const file of ["config.json", "model.safetensors"])
      await copyFile(join(fixtureFolder(name), file), join(folder, file));
    await promisify(execFile)(python ?? "", ["-c", toPickles, ...files], { cwd: folder });
    await rm(join(folder, "model.safetensors"));
    const device = { provider: "cpu", kernels: "fused" } as const;
    const refusal = openSession(folder, device);
    const command = conversionCommand("pytorch_model*.bin", "model.safetensors");
    await expect(refusal).rejects.toMatchObject({ problem: expect.stringContaining(command) });

    // Runs the command in a shell, with the test's Python.
    await promisify(exec)(command.replace(/^python/, `"${python}"`), { cwd: folder });
    const expected = await readExpected(name);
    const session = await openSession(folder, device);
    const found = await differences(
      session,
      expected,
      expected.sequences.map((_sequence, i) => [i]),
    );
    await session.release();
    expect(Math.max(found.hidden, found.partialReward, found.q)).toBeLessThan(1e-4);
  },
);
