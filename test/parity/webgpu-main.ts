/** Entry of a process of its own: runs fixtures on WebGPU and prints how far each is from PyTorch. */
import { type Differences, differences, fixtureFolder, openSession, readExpected } from "./fixture";

/** At 32 tokens the provider's fused attention turns to flash attention. */
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
