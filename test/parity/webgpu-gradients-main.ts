/** Entry point of a child process, which runs training steps on WebGPU and prints differences from PyTorch. */
import { gradientDifferences, type OutputDifference } from "./gradient-fixture";

export interface WebGpuGradients {
  readonly name: string;
  readonly found: readonly OutputDifference[];
}

async function main(): Promise<void> {
  const results: WebGpuGradients[] = [];
  for (const name of process.argv.slice(2))
    results.push({ name, found: await gradientDifferences(name, "float32", "webgpu") });
  process.stdout.write(JSON.stringify(results));
}

void main();
