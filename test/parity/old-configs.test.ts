/** Configs in the format before transformers 5, or shortened as in hub repositories, describe the same models. */
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/temp-folder";
import { alteredCopy } from "./altered-copy";
import { differences, openSession, readExpected } from "./fixture";

/** Per fixture, the replacement of `rope_parameters` and the omitted keys. */
const cases: readonly [string, Record<string, unknown>, string[]][] = [
  [
    "llama3-rope",
    {
      rope_theta: 100,
      rope_scaling: {
        rope_type: "llama3",
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
    },
    [],
  ],
  // If the factor is absent, it is the ratio of the lengths, 64 / 16.
  ["llama-yarn", { rope_scaling: { type: "yarn", original_max_position_embeddings: 16 } }, []],
  ["llama-linear", { rope_theta: 10000, rope_scaling: { type: "linear", factor: 4 } }, []],
  [
    "phi3-longrope",
    {
      partial_rotary_factor: 0.75,
      rope_scaling: { type: "longrope", short_factor: [1, 1.5, 2], long_factor: [2, 4, 8] },
    },
    [],
  ],
  ["gpt-neox", { rotary_pct: 0.5, rotary_emb_base: 10000 }, []],
  ["qwen2", { rope_theta: 10000 }, ["layer_types"]],
  ["gemma2", { rope_theta: 10000 }, ["layer_types"]],
  [
    "gemma3",
    {
      rope_theta: 1000,
      rope_local_base_freq: 100,
      rope_scaling: { rope_type: "linear", factor: 4 },
      sliding_window_pattern: 3,
    },
    ["layer_types", "hidden_activation", "attn_logit_softcapping"],
  ],
  ["gpt2", { n_inner: null }, ["activation_function", "layer_norm_epsilon"]],
];

it.each(cases)("%s", async (name, older, left) => {
  const folder = await temporaryFolder();
  await alteredCopy(name, folder, {
    config: (values) => {
      const kept = Object.entries(values).filter(([key]) => key !== "rope_parameters" && !left.includes(key));
      return { ...Object.fromEntries(kept), ...older };
    },
  });
  const expected = await readExpected(name);
  const session = await openSession(folder, { provider: "cpu", kernels: "fused" });
  const each = expected.sequences.map((_, i) => [i]);
  expect((await differences(session, expected, each)).hidden).toBeLessThan(1e-4);
  await session.release();
});
