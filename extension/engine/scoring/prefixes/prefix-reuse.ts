/** Scores only the tokens after the longest prefix that a sequence shares with a known sequence. */
import type { KeyValues } from "../../runtime/key-values";
import type { GoalMatrix, ScoringSession } from "../../runtime/session";
import { planBatches } from "../batches";
import { isWorthReusing, type PrefixStore, sharedTokens } from "./prefix-store";
import { firstOf, joined, type SequenceScores, sequenceScoresOf } from "./sequence-scores";

export interface ReuseOptions {
  readonly goals: GoalMatrix;
  /** Maximum number of tokens per batch, padding included. */
  readonly batchTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/** The order in which sequences are computed, by index. */
interface Plan {
  /** Sequences that share a prefix with a known sequence. */
  readonly known: readonly number[];
  /** Sequences computed in full, each with the sequences that share a prefix with it and are computed after it. */
  readonly leads: ReadonlyMap<number, readonly number[]>;
}

/**
 * Returns the scores of each sequence, in order. The session must support `past` keys and values. After an abort,
 * throws the signal's reason before the next batch; sequences computed before that stay in the store.
 */
export async function scoreOnPrefixes(
  session: ScoringSession,
  store: PrefixStore,
  sequences: readonly Int32Array[],
  { goals, batchTokens, signal }: ReuseOptions,
): Promise<SequenceScores[]> {
  const scores: SequenceScores[] = [];
  const { known, leads } = planned(sequences, store, goals);
  // Known prefixes are used first, because the batches may evict them from the store.
  await each(known);
  const heads = [...leads.keys()];
  const lengths = heads.map((i) => sequences[i]?.length ?? 0);
  for (const batch of planBatches(lengths, { maxTokens: batchTokens, boundary: session.lengthBoundary })) {
    signal?.throwIfAborted();
    const members = batch.map((at) => heads[at] ?? 0);
    await together(members);
    await each(members.flatMap((i) => leads.get(i) ?? []));
  }
  return scores;

  async function together(members: readonly number[]): Promise<void> {
    const rows = members.map((i) => sequences[i] ?? new Int32Array());
    const { scores: batch, keyValues } = await session.runKeeping(rows, goals);
    rows.forEach((ids, b) => {
      know(members[b] ?? 0, ids, sequenceScoresOf(batch, b, ids.length, goals.count), keyValues[b]);
    });
  }

  async function each(members: readonly number[]): Promise<void> {
    for (const i of members) {
      signal?.throwIfAborted();
      await alone(i, sequences[i] ?? new Int32Array());
    }
  }

  async function alone(i: number, ids: Int32Array): Promise<void> {
    const prefix = store.find(ids, goals);
    if (!prefix) return together([i]);
    const { length, sequence } = prefix;
    const start = firstOf(sequence.scores, length, goals.count);
    if (length === ids.length) {
      scores[i] = start;
      return;
    }
    const past = { keyValues: sequence.keyValues, length };
    const { scores: batch, keyValues } = await session.runKeeping([ids.subarray(length)], goals, past);
    const rest = sequenceScoresOf(batch, 0, ids.length - length, goals.count);
    know(i, ids, joined(start, rest), keyValues[0]);
  }

  function know(i: number, ids: Int32Array, own: SequenceScores, keyValues: KeyValues | undefined): void {
    scores[i] = own;
    if (keyValues) store.add({ ids, goals, scores: own, keyValues });
  }
}

function planned(sequences: readonly Int32Array[], store: PrefixStore, goals: GoalMatrix): Plan {
  const known: number[] = [];
  const leads = new Map<number, number[]>();
  sequences.forEach((ids, i) => {
    if (store.find(ids, goals)) {
      known.push(i);
      return;
    }
    const [lead] = [...leads.keys()]
      .map((at) => ({ at, shared: shared(at, ids) }))
      .sort((a, b) => b.shared - a.shared);
    if (lead && isWorthReusing(lead.shared, ids.length)) leads.get(lead.at)?.push(i);
    else leads.set(i, []);
  });
  return { known, leads };

  function shared(at: number, ids: Int32Array): number {
    const lead = sequences[at];
    return lead && store.isAlike(lead, ids) ? sharedTokens(lead, ids) : 0;
  }
}
