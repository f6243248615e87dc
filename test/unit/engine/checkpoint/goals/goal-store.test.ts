import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fitting } from "../../../../../extension/engine/checkpoint/goals/goal-state";
import {
  listGoalStates,
  readGoalState,
  writeGoalState,
} from "../../../../../extension/engine/checkpoint/goals/goal-store";
import {
  type NewTensor,
  writeSafetensors,
} from "../../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { readSafetensors } from "../../../../../extension/engine/model-folder/safetensors";
import { temporaryFolder } from "../../../../support/temp-folder";
import { writeZeros } from "../../model-folder/safetensors-file";

const provenance = {
  model: "my-model",
  dataset: "pairs.jsonl",
  strategy: "kmeans",
  completions: 20,
  seed: 7,
  created: "2026-01-02T03:04:05.000Z",
} as const;

/** Returns the bytes that `numpy.save` writes: magic, version 1.0, header padded to 64, data. */
function npy(descr: string, shape: string, data: Uint8Array, fortranOrder = "False"): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortranOrder}, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded), data]);
}

test("a goal state is read back as it was stored, with its provenance", async () => {
  const folder = await temporaryFolder();
  const state = { name: "good", prototypes: 2, data: Float32Array.from([1, 2, 3, -4, 5, 6.5]) };
  const file = await writeGoalState(folder, state, provenance);
  expect(await listGoalStates(folder)).toEqual(["good"]);
  expect(await readGoalState("good", folder)).toEqual(state);
  expect((await readSafetensors(file)).metadata).toEqual({
    format: "reward-inspector-goal",
    model: "my-model",
    dataset: "pairs.jsonl",
    strategy: "kmeans",
    completions: "20",
    seed: "7",
    created: "2026-01-02T03:04:05.000Z",
  });
});

test("the paper's .npy files are read: float32 or float64, one vector or several", async () => {
  const folder = await temporaryFolder();
  const single = join(folder, "helpful.npy");
  await writeFile(single, npy("<f4", "(3,)", new Uint8Array(Float32Array.from([1, 2, 3]).buffer)));
  expect(await readGoalState(single, folder)).toEqual({
    name: "helpful",
    prototypes: 1,
    data: Float32Array.from([1, 2, 3]),
  });
  const several = join(folder, "two.npy");
  await writeFile(several, npy("<f8", "(2, 2)", new Uint8Array(Float64Array.from([1, 2, 3, 4]).buffer)));
  expect(await readGoalState(several, folder)).toEqual({
    name: "two",
    prototypes: 2,
    data: Float32Array.from([1, 2, 3, 4]),
  });
});

test.each([
  ["whole numbers", npy("<i4", "(2,)", new Uint8Array(8)), /is not a \.npy goal state/],
  ["a cube", npy("<f4", "(1, 1, 2)", new Uint8Array(8)), /has the shape \[1,1,2\]/],
  ["NaN", npy("<f4", "(2,)", new Uint8Array(Float32Array.from([1, Number.NaN]).buffer)), /not finite/],
  ["no data", npy("<f4", "(0,)", new Uint8Array(0)), /has the shape \[0\]/],
  ["a matrix in column order", npy("<f4", "(1, 2)", new Uint8Array(8), "True"), /in row order/],
  ["no prototypes", npy("<f4", "(0, 2)", new Uint8Array(0)), /has the shape \[0,2\]/],
  ["a single number", npy("<f4", "()", new Uint8Array(4)), /has the shape \[\]/],
  ["a cut file", npy("<f4", "(2,)", new Uint8Array(3)), /cut\.npy/],
  ["text instead of an array", Buffer.from("hello"), /is not a \.npy goal state/],
])("a .npy with %s is refused by name", async (_, bytes, message) => {
  const folder = await temporaryFolder();
  const path = join(folder, "cut.npy");
  await writeFile(path, bytes);
  await expect(readGoalState(path, folder)).rejects.toThrow(message);
});

test("the error for an unknown name lists the known names", async () => {
  const folder = await temporaryFolder();
  await expect(readGoalState("best", folder)).rejects.toThrow(
    /best: there is no such goal state \(this model has none yet\)/,
  );
  await mkdir(join(folder, "goal_states"));
  await writeSafetensors(join(folder, "goal_states", "good.safetensors"), {
    goal: { shape: [2], data: new Float32Array(2) },
  });
  await expect(readGoalState("best", folder)).rejects.toThrow(/this model has good/);
});

test("a name that leads out of the folder is refused", async () => {
  const folder = await temporaryFolder();
  const state = { name: "../out", prototypes: 1, data: new Float32Array(2) };
  await expect(writeGoalState(folder, state, provenance)).rejects.toThrow(
    /is not a valid name for a goal state/,
  );
});

test("a goal state of another width is refused, with both widths in the error", () => {
  const state = { name: "good", prototypes: 2, data: new Float32Array(8) };
  expect(() => fitting(state, 6, "good")).toThrow(
    "good: is a goal state of width 4, but the model's hidden states have 6",
  );
});

test("a vector is read whichever order numpy reports for it", async () => {
  const path = join(await temporaryFolder(), "good.npy");
  await writeFile(path, npy("<f4", "(2,)", new Uint8Array(Float32Array.of(1, 2).buffer), "True"));
  expect(await readGoalState(path, "nowhere")).toMatchObject({ prototypes: 1, data: Float32Array.of(1, 2) });
});

test("only goal states are listed, in alphabetical order", async () => {
  const folder = await temporaryFolder();
  expect(await listGoalStates(folder)).toEqual([]);
  const state = { name: "b", prototypes: 1, data: Float32Array.of(1, 2) };
  for (const name of ["b", "a.1", "c"]) await writeGoalState(folder, { ...state, name }, provenance);
  await writeFile(join(folder, "goal_states", "notes.txt"), "");
  expect(await listGoalStates(folder)).toEqual(["a.1", "b", "c"]);
  await expect(readGoalState("d", folder)).rejects.toThrow(/this model has a\.1, b, c\)/);
});

describe("a .safetensors file", () => {
  async function stored(tensors: Readonly<Record<string, NewTensor>>): Promise<string> {
    const path = join(await temporaryFolder(), "mine.safetensors");
    await writeSafetensors(path, tensors);
    return path;
  }
  const vector = { shape: [2], data: Float32Array.of(1, 2) };
  const read = (path: string) => readGoalState(path, "nowhere");

  test("is read by its path, whatever the name of its only tensor", async () => {
    const expected = { name: "mine", prototypes: 1, data: Float32Array.of(1, 2) };
    expect(await read(await stored({ anything: vector }))).toEqual(expected);
    expect(
      await read(await stored({ another: { ...vector, data: Float32Array.of(8, 9) }, goal: vector })),
    ).toEqual(expected);
  });

  test("is refused if none of several tensors is named goal, or if its type is not float32", async () => {
    const refusal = "mine.safetensors: has no float32 tensor named goal";
    await expect(read(await stored({ a: vector, b: vector }))).rejects.toThrow(refusal);
    const path = join(await temporaryFolder(), "mine.safetensors");
    await writeZeros(path, { goal: [2] }, "F16");
    await expect(read(path)).rejects.toThrow(refusal);
  });

  test("is refused by name if its shape is invalid or its values are not finite", async () => {
    const cube = { shape: [1, 1, 2], data: Float32Array.of(1, 2) };
    await expect(read(await stored({ goal: cube }))).rejects.toThrow(
      "mine.safetensors: has the shape [1,1,2]",
    );
    const broken = { shape: [2], data: Float32Array.of(1, Number.NaN) };
    await expect(read(await stored({ goal: broken }))).rejects.toThrow(
      "mine.safetensors: contains values that are not finite",
    );
  });

  test("of the model takes precedence over a file with the same name", async () => {
    const folder = await temporaryFolder();
    const other = await stored({ goal: { shape: [2], data: Float32Array.of(8, 9) } });
    await writeGoalState(folder, { name: "good", prototypes: 1, data: Float32Array.of(1, 2) }, provenance);
    expect((await readGoalState("good", folder)).data).toEqual(Float32Array.of(1, 2));
    expect((await readGoalState(other, folder)).data).toEqual(Float32Array.of(8, 9));
  });
});

test.each(["", "a b", "a/b", "ä", "good\n"])("%o is not a valid name for a goal state", async (name) => {
  const state = { name, prototypes: 1, data: new Float32Array(2) };
  await expect(writeGoalState(await temporaryFolder(), state, provenance)).rejects.toThrow(
    "use letters, digits, '.', '_' and '-'",
  );
});

test("an error names a goal folder that cannot be created", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "goal_states"), "");
  const state = { name: "good", prototypes: 1, data: new Float32Array(2) };
  await expect(writeGoalState(folder, state, provenance)).rejects.toThrow(
    /goal_states: could not be created \(/,
  );
});

test("a goal state of the model's width is returned unchanged", () => {
  const state = { name: "good", prototypes: 2, data: new Float32Array(8) };
  expect(fitting(state, 4, "good")).toBe(state);
});
