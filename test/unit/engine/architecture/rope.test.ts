import { describe, expect, it } from "vitest";
import { Rope } from "../../../../extension/engine/architecture/rope";
import { Config } from "../../../../extension/engine/model-folder/config";

const plain = { dim: 64, theta: 100_000, scaling: undefined, maxPositions: 8192, place: "config.json" };

describe("rotary tables", () => {
  it("are cos and sin of position times frequency, one row per position", () => {
    const { cos, sin } = Rope.from({ ...plain, dim: 4, theta: 100 }).tables(3);
    const angles = [0, 0, 1, 0.1, 2, 0.2];
    expect(Array.from(cos)).toEqual(angles.map((angle) => expect.closeTo(Math.cos(angle), 6)));
    expect(Array.from(sin)).toEqual(angles.map((angle) => expect.closeTo(Math.sin(angle), 6)));
  });

  it("match PyTorch at large positions, which multiply rounding errors of the frequencies", () => {
    // torch 2.13: angle = t·(1.0 / 1e5 ** (arange(0, 64, 2).float() / 64)) at t = 8000, in float32.
    const { cos, sin } = Rope.from(plain).tables(8001);
    const row = 8000 * 32;
    expect([cos[row], cos[row + 1], cos[row + 5], sin[row + 1], sin[row + 31]]).toEqual(
      [0.0656451, -0.9994088, -0.3218339, -0.034379, 0.1143901].map((value) => expect.closeTo(value, 6)),
    );
  });

  it("share memory between shorter and longer tables", () => {
    const rope = Rope.from(plain);
    const [short, long] = [rope.tables(5), rope.tables(300)];
    expect(long.cos.subarray(0, short.cos.length)).toEqual(short.cos);
    expect(rope.tables(200).cos.buffer).toBe(long.cos.buffer);
  });

  it("use the long frequencies for all of a LongRoPE sequence beyond its boundary", () => {
    const scaling = new Config("config.json rope_parameters", {
      rope_type: "longrope",
      short_factor: [1, 1],
      long_factor: [2, 4],
      original_max_position_embeddings: 8,
      attention_factor: 1,
    });
    const rope = Rope.from({ ...plain, dim: 4, scaling });
    expect(rope.switchLength).toBe(8);
    expect(rope.tables(8).cos[2]).toBeCloseTo(Math.cos(1), 6);
    expect(rope.tables(9).cos[2]).toBeCloseTo(Math.cos(1 / 2), 6);
    expect(rope.tables(8).cos[2]).toBeCloseTo(Math.cos(1), 6);
  });
});
