/** Scored rows as JSON, one object a completion. */
import type { ScoredRow } from "../../protocol/scores";

/** withTokens: `tokenScores` too, where the rows have them. */
export function jsonLines(rows: readonly ScoredRow[], withTokens: boolean): string[] {
  return rows.flatMap(({ scores }) =>
    scores.map(({ tokenScores, ...completion }) =>
      JSON.stringify(withTokens ? { ...completion, tokenScores } : completion),
    ),
  );
}
