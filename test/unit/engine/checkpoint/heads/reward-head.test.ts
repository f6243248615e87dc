import { describe, expect, it } from "vitest";
import { findRewardHead } from "../../../../../extension/engine/checkpoint/heads/reward-head";
import type { StoredTensor } from "../../../../../extension/engine/model-folder/safetensors";

const width = 8;

function tensors(shapes: Readonly<Record<string, readonly number[]>>): ReadonlyMap<string, StoredTensor> {
  const common = {
    type: "F32",
    file: "/m/model.safetensors",
    place: "model.safetensors",
    offset: 8,
    length: 0,
  };
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [name, { ...common, name, shape } as StoredTensor]),
  );
}

describe("findRewardHead", () => {
  it.each([
    ["score", { "score.weight": [1, 8] }, "score.weight", 1],
    ["value_head", { "value_head.weight": [1, 8], "value_head.bias": [1] }, "value_head.weight", 1],
    ["TRL's", { "v_head.summary.weight": [1, 8], "v_head.summary.bias": [1] }, "v_head.summary.weight", 1],
    [
      "the paper's",
      {
        "value_head.10.weight": [1, 8],
        "value_head.2.weight": [4, 4],
        "value_head.0.weight": [4, 8],
        "value_head.0.bias": [4],
        "value_head.4.weight": [8, 4],
      },
      "value_head.{0,2,4,10}",
      4,
    ],
    ["Qwen's", { "score.0.weight": [8, 8], "score.0.bias": [8], "score.2.weight": [1, 8] }, "score.{0,2}", 2],
  ])("finds %s head", (_, shapes, name, layers) => {
    const head = findRewardHead(tensors(shapes), width);
    expect(head).toMatchObject({ name });
    expect(head?.layers).toHaveLength(layers);
  });

  it("returns undefined if there is no head", () => {
    expect(
      findRewardHead(tensors({ "lm_head.weight": [64, 8], "decoder.score.weight": [1, 8] }), width),
    ).toBe(undefined);
  });

  it("prefers an adapter's head over its base's", () => {
    const all = tensors({ "score.weight": [1, 8], "v_head.summary.weight": [1, 8] });
    for (const name of ["score.weight", "v_head.summary.weight"]) {
      const own = [all.get(name)].filter((tensor) => tensor !== undefined);
      expect(findRewardHead(all, width, new Set(own))?.name).toBe(name);
    }
  });

  it.each([
    [{ "score.weight": [1, 4] }, "score.weight has the shape [1,4], expected [?,8]"],
    [{ "score.weight": [8] }, "score.weight has the shape [8], expected [?,8]"],
    [
      { "score.weight": [2, 8] },
      "the head score.weight outputs 2 numbers per token, but a reward head outputs 1",
    ],
    [{ "score.weight": [1, 8], "score.bias": [2] }, "score.bias has the shape [2], expected [1]"],
    [
      { "value_head.0.weight": [4, 8], "value_head.2.weight": [1, 8] },
      "value_head.2.weight has the shape [1,8]",
    ],
    [{ "value_head.0.weight": [4, 8] }, "outputs 4 numbers per token"],
    [
      { "score.weight": [1, 8], "v_head.summary.weight": [1, 8] },
      "has several reward heads, score.weight and v_head.summary.weight",
    ],
    [{ "score.weight": [1, 8], "score.0.weight": [1, 8] }, "several reward heads"],
    [
      { "score.0.weight": [8, 8], "score.1.weight": [1, 8] },
      "layers 0 and 1 of the head score.{0,1} have no activation between them",
    ],
  ])("refuses %j", (shapes, message) => {
    expect(() => findRewardHead(tensors(shapes), width)).toThrow(
      expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
    );
  });
});
