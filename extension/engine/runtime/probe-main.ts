/** Entry point of the process that tests one provider with the probe model and reports over IPC. */

import type { DeviceReport, Provider } from "../../protocol/models";
import { readDecoder } from "../architecture/families/families";
import { findRewardHead } from "../checkpoint/heads/reward-head";
import { Checkpoint } from "../checkpoint/reading/checkpoint";
import { messageOf } from "../errors";
import { randomSequence } from "../random";
import type { Device } from "./device";
import { probeVocabulary, writeProbeModel } from "./probe-model";
import { type BatchScores, type GoalMatrix, ScoringSession } from "./session";

/** Maximum difference in hidden states and Q-values from the CPU's primitive operators. */
const tolerance = 2e-2;
const batch = { rows: 4, length: 256 };
/** Seconds for 64 tokens above which a provider is too slow to be measured further. */
const slow = 1;

async function probe(provider: Provider, folder: string): Promise<DeviceReport> {
  await writeProbeModel(folder);
  const checkpoint = await Checkpoint.open(folder);
  const decoder = readDecoder(checkpoint.config);
  const head = findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize);
  const load = (device: Device): Promise<ScoringSession> =>
    ScoringSession.create(checkpoint, decoder, head, device);
  const ids = randomIds();
  // Fused attention uses other code paths from 32 tokens, and only those may be incorrect.
  const sample = ids.slice(0, 2).map((row) => row.subarray(0, 96));
  const goals: GoalMatrix = {
    count: 1,
    data: new Float32Array(decoder.shape.hiddenSize).fill(1),
  };
  const plain = await load({ provider: "cpu", kernels: "primitive" });
  const expected = await plain.run(sample, goals, true);
  await plain.release();

  const correct: (DeviceReport & { readonly works: true })[] = [];
  const problems: string[] = [];
  for (const kernels of ["fused", "primitive"] as const) {
    try {
      const session = await load({ provider, kernels });
      const error = largestDifference(await session.run(sample, goals, true), expected);
      if (error <= tolerance) {
        correct.push({ provider, works: true, kernels, tokensPerSecond: await measure(session, ids, goals) });
      } else {
        problems.push(`its ${kernels} operators give incorrect results (error ${error.toPrecision(2)})`);
      }
      await session.release();
    } catch (error) {
      problems.push(reasonOf(messageOf(error)));
    }
  }
  // If a provider lacks a fused operator, it falls back to the CPU, and primitive operators may be faster.
  const [best] = correct.sort((a, b) => b.tokensPerSecond - a.tokensPerSecond);
  return best ?? { provider, works: false, problem: [...new Set(problems)].join("; ") };
}

/** Tokens scored per second: the faster of two full batches, or one small batch if that is already slow. */
async function measure(
  session: ScoringSession,
  ids: readonly Int32Array[],
  goals: GoalMatrix,
): Promise<number> {
  const small = ids.slice(0, 1).map((row) => row.subarray(0, 64));
  // The first evaluation of each shape compiles shaders.
  await timed(small);
  const warm = await timed(small);
  if (warm.seconds > slow) return warm.tokensPerSecond;
  await timed(ids);
  return Math.max((await timed(ids)).tokensPerSecond, (await timed(ids)).tokensPerSecond);

  async function timed(rows: readonly Int32Array[]): Promise<{ seconds: number; tokensPerSecond: number }> {
    const start = performance.now();
    await session.run(rows, goals);
    const seconds = (performance.now() - start) / 1000;
    const tokens = rows.reduce((total, row) => total + row.length, 0);
    return { seconds, tokensPerSecond: Math.round(tokens / seconds) };
  }
}

function largestDifference(actual: BatchScores, expected: BatchScores): number {
  const difference = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
    a && b && a.length === b.length
      ? a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (b[i] ?? Number.NaN))), 0)
      : Number.NaN;
  return Math.max(difference(actual.hidden, expected.hidden), difference(actual.q, expected.q));
}

function randomIds(): Int32Array[] {
  const random = randomSequence(2);
  return Array.from({ length: batch.rows }, () =>
    Int32Array.from({ length: batch.length }, () => Math.floor(random() * probeVocabulary)),
  );
}

/** Removes the source file and condition with which ONNX Runtime's messages start. */
function reasonOf(message: string): string {
  const line = message.split("\n", 1)[0] ?? "";
  return line.replace(/^.* was false\. /, "").replace(/^\w+: /, "");
}

const [provider, folder] = process.argv.slice(2);
if (provider === undefined || folder === undefined) throw new Error("Usage: probe PROVIDER FOLDER");
void probe(provider as Provider, folder).then((report) => process.send?.(report, () => process.exit(0)));
