/** The WebGPU provider without a GPU, on Chromium's software Vulkan driver SwiftShader. */
import { expect, test } from "vitest";
import { cli } from "../support/cli";
import { checkpoint, samplePairs } from "../support/fixture";
import { missing, softwareVulkan } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";

test("WebGPU gives the CPU's scores, and is measured as slower if it runs in software", async ({ skip }) => {
  skip(missing.webGpu !== undefined, missing.webGpu);
  const folder = await temporaryFolder();
  const env = { ...softwareVulkan(), XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder };
  const devices = await cli(["devices", "--json"], { env });
  const reports: { provider: string; works: boolean; tokensPerSecond: number }[] = JSON.parse(devices.stdout);
  const [fastest, webgpu] = [reports[0], reports.find(({ provider }) => provider === "webgpu")];
  expect(webgpu).toMatchObject({ works: true });
  expect(fastest?.provider).toBe("cpu");

  const scores = async (device: string): Promise<{ reward: number; q: { preferred: { min: number } } }[]> => {
    const { stdout, stderr } = await cli(["score", samplePairs, "-m", checkpoint, "-d", device, "--json"], {
      env,
    });
    expect(stderr).toContain(`device    ${device}`);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  const [onCpu, onWebGpu] = [await scores("cpu"), await scores("webgpu")];
  onCpu.forEach(({ reward, q }, i) => {
    expect(Math.abs(reward - (onWebGpu[i]?.reward ?? Number.NaN))).toBeLessThan(1e-3);
    expect(Math.abs(q.preferred.min - (onWebGpu[i]?.q.preferred.min ?? Number.NaN))).toBeLessThan(1e-3);
  });
});
