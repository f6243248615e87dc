/** Losses and gradients of training steps on WebGPU against PyTorch's, with the tolerance of the CPU. */
import { expect, it } from "vitest";
import { missing } from "../support/machine";
import type { WebGpuGradients } from "./webgpu-gradients-main";
import { runOnWebGpu } from "./webgpu-process";

/** Together they cover both norms, soft-caps, windows, SiLU, GELU, rotary and learned positions, and adapters. */
const names = ["llama", "llama-lora", "gpt2", "gemma2"];

it("gradients on WebGPU equal PyTorch's", async ({ skip }) => {
  skip(missing.webGpu !== undefined, missing.webGpu);
  const results = (await runOnWebGpu("webgpu-gradients-main.ts", names)) as WebGpuGradients[];
  expect(results.map(({ name }) => name)).toEqual(names);
  for (const { name, found } of results) {
    expect(found.length).toBeGreaterThan(0);
    for (const { output, difference } of found) expect(difference, `${name}: ${output}`).toBeLessThan(1e-4);
  }
}, 600_000);
