/** The engine on the CPU against PyTorch: every family, head and adapter, in both lowerings. */
import { describe, expect, it } from "vitest";
import { randomSequence } from "../../extension/engine/random";
import { differences, fixtureFolder, fixtureNames, openSession, readExpected } from "./fixture";

describe.each(["fused", "primitive"] as const)("%s kernels", (kernels) => {
  it.each(fixtureNames)("%s equals transformers", async (name) => {
    const expected = await readExpected(name);
    const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels });
    const all = expected.sequences.map((_, i) => i);
    // LongRoPE uses different frequencies above its boundary, so long and short sequences cannot share a batch.
    const isLong = (i: number): boolean => (expected.sequences[i]?.ids.length ?? 0) > session.lengthBoundary;
    const padded = [all.filter(isLong), all.filter((i) => !isLong(i))].filter((batch) => batch.length > 0);
    const found = await differences(session, expected, [...padded, ...all.map((i) => [i])]);
    await session.release();
    expect(Math.max(found.hidden, found.partialReward, found.q)).toBeLessThan(1e-4);
  });
});

// Fused attention works in blocks, and PyTorch's short sequences do not fill a single one.
it.each(["mistral", "llama3-rope", "gemma2", "gpt-neox"])("both lowerings agree on long %s", async (name) => {
  const random = randomSequence(5);
  const rows = [700, 450].map((length) => Int32Array.from({ length }, () => Math.floor(random() * 64)));
  const [fused, primitive] = await Promise.all(
    (["fused", "primitive"] as const).map(async (kernels) => {
      const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels });
      const { hidden } = await session.run(rows, { count: 0, data: new Float32Array() }, true);
      await session.release();
      return hidden ?? new Float32Array();
    }),
  );
  const width = (fused?.length ?? 0) / 2 / 700;
  let worst = 0;
  for (const [b, row] of rows.entries()) {
    for (let i = b * 700 * width; i < (b * 700 + row.length) * width; i++) {
      worst = Math.max(worst, Math.abs((fused?.[i] ?? Number.NaN) - (primitive?.[i] ?? Number.NaN)));
    }
  }
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(1e-4);
});
