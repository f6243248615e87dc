/** Scored rows as JSON, one object per completion. */
import { scoredJson } from "../../display/scored-json";
import type { ScoredRow } from "../../protocol/scores";

/** @param withTokens whether to include `tokenScores` if the rows have them */
export function jsonLines(rows: readonly ScoredRow[], withTokens: boolean): string[] {
  return rows.flatMap(({ scores, texts }) =>
    scores.map((score, i) => JSON.stringify(scoredJson(score, withTokens ? texts[i] : undefined))),
  );
}
