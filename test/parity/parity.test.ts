/** The engine on the CPU against PyTorch: every family, head and adapter, in both lowerings. */
import { describe, expect, it } from "vitest";
import { differences, fixtureFolder, fixtureNames, openSession, readExpected } from "./fixture";

describe.each(["fused", "primitive"] as const)("%s kernels", (kernels) => {
  it.each(fixtureNames)("%s equals transformers", async (name) => {
    const expected = await readExpected(name);
    const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels });
    const all = expected.sequences.map((_, i) => i);
    // LongRoPE takes other frequencies past its boundary: such sequences share no batch with shorter ones.
    const isLong = (i: number): boolean => (expected.sequences[i]?.ids.length ?? 0) > session.lengthBoundary;
    const padded = [all.filter(isLong), all.filter((i) => !isLong(i))].filter((batch) => batch.length > 0);
    const found = await differences(session, expected, [...padded, ...all.map((i) => [i])]);
    await session.release();
    expect(Math.max(found.hidden, found.partialReward, found.q)).toBeLessThan(1e-4);
  });
});
