/**
 * The engine on WebGPU against PyTorch. The provider's flash attention (32 tokens or more) is incorrect with
 * SwiftShader's subgroups of 4, so fused kernels are tested only with shorter sequences.
 */
import { expect, it } from "vitest";
import { missing } from "../support/machine";
import type { WebGpuResult } from "./webgpu-main";
import { runOnWebGpu } from "./webgpu-process";

/** Together they cover windows, soft-caps, head norms, learned positions, both GELUs and BF16 weights. */
const runs = ["primitive:gemma2", "primitive:gpt2", "fused:gemma2", "fused:qwen3", "fused:llama-bf16"];

it("WebGPU equals transformers", async ({ skip }) => {
  skip(missing.webGpu !== undefined, missing.webGpu);
  const results = (await runOnWebGpu("webgpu-main.ts", runs)) as WebGpuResult[];
  expect(results).toHaveLength(runs.length);
  for (const { kernels, name, found } of results) {
    expect(Math.max(found.hidden, found.partialReward, found.q), `${kernels} ${name}`).toBeLessThan(1e-4);
  }
  // SwiftShader computes on the processor, which other tests use too.
}, 600_000);
