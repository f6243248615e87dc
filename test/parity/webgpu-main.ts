/** Entry point of a child process, which runs fixtures on WebGPU and prints their differences from PyTorch. */
import { type Differences, differences, fixtureFolder, openSession, readExpected } from "./fixture";

/** The provider's fused attention uses flash attention for 32 tokens or more. */
const shortLength = 31;

export interface WebGpuResult {
  readonly kernels: "fused" | "primitive";
  readonly name: string;
  readonly found: Differences;
}

async function main(): Promise<void> {
  const results: WebGpuResult[] = [];
  for (const argument of process.argv.slice(2)) {
    const [kernels, name = ""] = argument.split(":");
    if (kernels !== "fused" && kernels !== "primitive") throw new Error(`no such kernels: ${kernels}`);
    const expected = await readExpected(name);
    const session = await openSession(fixtureFolder(name), { provider: "webgpu", kernels });
    const lengths = expected.sequences.map(({ ids }) => ids.length);
    const batch = [...lengths.keys()].filter(
      (i) => kernels === "primitive" || (lengths[i] ?? 0) <= shortLength,
    );
    results.push({ kernels, name, found: await differences(session, expected, [batch]) });
    await session.release();
  }
  process.stdout.write(JSON.stringify(results));
}

void main();
