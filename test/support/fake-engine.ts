import type { DatasetRow } from "../../extension/engine/data/rows/row";
import type { ScoreResult } from "../../extension/protocol/scoring";
import { requestKey } from "../../extension/scores/request-key";
import type { KeyedRow, ScoreContext } from "../../extension/scores/score-requests";
import { scored, tokensAt } from "./scores";

/** A row whose one completion is its key. */
export function keyed(key: string, characters = key.length): KeyedRow {
  const row: DatasetRow = {
    row: 0,
    place: "a.jsonl:1",
    completions: [{ role: "completion", prompt: "", completion: key }],
  };
  return { key, row, characters };
}

/** A request that the engine has not answered yet. */
export interface Asked {
  /** Completions of its rows. */
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
  /** Answers with the present fingerprint, or the one that the request found when it came. */
  answer(fingerprint?: string): void;
  fail(error: unknown): void;
}

/** An engine that answers when the test says so. Rewards are the lengths of the completions. */
export class FakeEngine {
  readonly asked: Asked[] = [];
  /** Fingerprint of the model's files. */
  fingerprint = "files";

  context(model = "model"): ScoreContext {
    const key = requestKey({ model, device: "cpu", maxLength: 512, chat: false });
    return { key, ask: (rows, signal) => this.#ask(rows, signal) };
  }

  /** Completions of each request. */
  get texts(): string[][] {
    return this.asked.map(({ texts }) => [...texts]);
  }

  #ask(rows: readonly DatasetRow[], signal: AbortSignal): Promise<ScoreResult> {
    const { fingerprint } = this;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      this.asked.push({
        texts: rows.map(({ completions }) => String(completions[0]?.completion)),
        signal,
        answer: (found = fingerprint) => resolve(resultOf(rows, found)),
        fail: reject,
      });
    });
  }
}

function resultOf(rows: readonly DatasetRow[], fingerprint: string): ScoreResult {
  return {
    settings: {
      fingerprint,
      device: "cpu",
      notes: [],
      goals: ["good"],
      eos: "never",
      rewardToken: "last token",
      maxLength: 512,
    },
    rows: rows.map(({ row, place, completions }) => {
      const length = String(completions[0]?.completion).length;
      const scores = [scored({ reward: length, tokenScores: tokensAt([0, length, 0.5]) })];
      return { row, place, texts: [null], scores };
    }),
  };
}
