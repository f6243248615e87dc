/** Low spans at their places in a document, and their descriptions. Pure. */
import type { Scale } from "../../display/metric";
import type { LowSpan } from "../../display/spans";
import { count, decimal, short } from "../../display/wording";
import type { Metric } from "../../protocol/choices";
import type { OffsetRange } from "../documents/regions/region";
import type { LowReading } from "../scores/reading";
import type { RowEntry, ScoredEntry, ScoredText } from "../scores/scored-document";

/** A low span; its offsets count in the document. */
export interface PlacedSpan extends OffsetRange {
  readonly entry: ScoredEntry;
  readonly completion: ScoredText;
  readonly run: LowSpan;
  readonly reading: LowReading;
}

/** Returns the low spans in document order. A span that the document holds in pieces covers all of them. */
export function placedSpans(
  entries: readonly RowEntry[],
  read: (scored: ScoredText) => LowReading,
): PlacedSpan[] {
  const runs = entries.flatMap((entry) =>
    entry.kind === "scored" ? entry.completions.flatMap((completion) => runsIn(entry, completion, read)) : [],
  );
  return runs.sort((a, b) => a.start - b.start);
}

function runsIn(
  entry: ScoredEntry,
  completion: ScoredText,
  read: (scored: ScoredText) => LowReading,
): PlacedSpan[] {
  const reading = read(completion);
  return reading.lowSpans.flatMap((run) => {
    const ranges = completion.rangesOf(run);
    const [first, last] = [ranges[0], ranges.at(-1)];
    return first && last ? [{ start: first.start, end: last.end, entry, completion, run, reading }] : [];
  });
}

const lowNames: Readonly<Record<Metric, string>> = {
  q: "Low Q",
  "q-change": "Q falls",
  "partial-reward": "Low partial reward",
};

/** `Low Q: −0.83 at its lowest, 12 tokens below 0 (goal preferred)` */
export function lowSpanMessage(
  run: LowSpan,
  { metric, scale, goal }: { metric: Metric; scale: Scale; goal: string | undefined },
): string {
  const tokens = count(run.lastToken - run.firstToken + 1, "token");
  const ofGoal = goal === undefined || metric === "partial-reward" ? "" : ` (goal ${goal})`;
  return `${lowNames[metric]}: ${decimal(run.lowest)} at its lowest, ${tokens} below ${short(scale.threshold)}${ofGoal}`;
}
