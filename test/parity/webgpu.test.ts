/**
 * The engine on WebGPU against PyTorch. SwiftShader has subgroups of 4, which the provider's flash attention (32 tokens
 * and more) gets wrong, so fused kernels are held to shorter sequences here.
 */
import { expect, it } from "vitest";
import { missing } from "../support/machine";
import type { WebGpuResult } from "./webgpu-main";
import { runOnWebGpu } from "./webgpu-process";

/** Between them: windows, soft-caps, norms of heads, learned positions, both GELUs, BF16 weights. */
const runs = ["primitive:gemma2", "primitive:gpt2", "fused:gemma2", "fused:qwen3", "fused:llama-bf16"];

it("WebGPU equals transformers", async ({ skip }) => {
  skip(missing.webGpu !== undefined, missing.webGpu);
  const results = (await runOnWebGpu("webgpu-main.ts", runs)) as WebGpuResult[];
  expect(results).toHaveLength(runs.length);
  for (const { kernels, name, found } of results) {
    expect(Math.max(found.hidden, found.partialReward, found.q), `${kernels} ${name}`).toBeLessThan(1e-4);
  }
}, 120_000);
