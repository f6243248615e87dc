/**
 * The engine on WebGPU against PyTorch, without a GPU: Chromium's SwiftShader is a Vulkan driver in software. It has
 * subgroups of 4, which the provider's flash attention (32 tokens and more) gets wrong, so fused kernels are held to
 * shorter sequences here. Vulkan is found by the environment a process starts with, hence a process of its own.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/temp-folder";
import type { WebGpuResult } from "./webgpu-main";

const chromium = "/usr/lib/chromium";
const driver = join(chromium, "vk_swiftshader_icd.json");
/** Between them: windows, soft-caps, norms of heads, learned positions, both GELUs, BF16 weights. */
const runs = ["primitive:gemma2", "primitive:gpt2", "fused:gemma2", "fused:qwen3", "fused:llama-bf16"];

it("WebGPU equals transformers", async ({ skip }) => {
  skip(!existsSync(driver), "SwiftShader is not installed (Debian's chromium package brings it)");
  const outfile = join(await temporaryFolder(), "webgpu.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "webgpu-main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    external: ["onnxruntime-node"],
    define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, ...runs], {
    env: {
      ...process.env,
      NODE_PATH: join(import.meta.dirname, "../../node_modules"),
      VK_ICD_FILENAMES: driver,
      LD_LIBRARY_PATH: chromium,
      XDG_RUNTIME_DIR: "/tmp",
    },
  });
  const results = JSON.parse(stdout) as WebGpuResult[];
  expect(results).toHaveLength(runs.length);
  for (const { kernels, name, found } of results) {
    expect(Math.max(found.hidden, found.partialReward, found.q), `${kernels} ${name}`).toBeLessThan(1e-4);
  }
}, 120_000);
