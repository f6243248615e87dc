/** Completions as text with tokens shaded by Q: red is low, blue is high, as in the paper's figure 4. */
import type { ChalkInstance } from "chalk";
import { marginOf, verdictOf, verdictSigns } from "../../display/margin";
import { known } from "../../display/metric";
import { warningText } from "../../display/warning-text";
import type { ScoredCompletion, ScoredRow, TokenScores } from "../../protocol/scores";
import { visible } from "./terminal/visible";

/** Q below which a token is low; the paper filters at 0. */
const threshold = 0;

/** Explains the shading. */
export function shadeLegend(colors: ChalkInstance): string {
  if (colors.level === 0) return `⟦ ⟧ enclose tokens with Q below ${threshold}`;
  const sample = (q: number): string => shadeOf(q, colors)(` ${q} `);
  return `Q ${[-1, -0.5, -0.1, 0.1, 0.5, 1].map(sample).join("")}, underlined below ${threshold}`;
}

/** A piece of the text and the Q-value it is shaded by. */
interface Segment {
  readonly text: string;
  readonly q: number | undefined;
}

export function shadedCompletions(rows: readonly ScoredRow[], colors: ChalkInstance): string[] {
  return rows.flatMap((row) =>
    row.scores.map((score, i) => {
      const [goal] = Object.keys(score.q);
      const title = colors.bold(`row ${row.row} ${score.role}`);
      const shaded = segments(row.texts[i] ?? "", score.tokenScores, goal).map(safe);
      const body = colors.level === 0 ? bracketed(shaded) : painted(shaded, colors);
      return `${title}  ${visible(facts(row, score, goal))}\n${body}\n`;
    }),
  );
}

function safe({ text, q }: Segment): Segment {
  return { text: visible(text), q };
}

function facts({ scores }: ScoredRow, score: ScoredCompletion, goal: string | undefined): string {
  const lowest = goal === undefined ? undefined : score.q[goal]?.min;
  const margin = score.role === "chosen" ? marginOf(scores) : undefined;
  const verdict = verdictOf(scores);
  return [
    score.reward === null ? undefined : `reward ${score.reward.toFixed(3)}`,
    margin === undefined || verdict === undefined
      ? undefined
      : `margin ${margin.toFixed(3)} ${verdictSigns[verdict]}`,
    typeof lowest === "number" ? `lowest Q ${lowest.toFixed(3)} (${goal})` : undefined,
    ...score.warnings.map(warningText),
  ]
    .filter((fact) => fact !== undefined)
    .join("  ");
}

/** Cuts the text at token boundaries. Tokens that share characters become one segment with their lowest Q. */
export function segments(
  text: string,
  scores: Pick<TokenScores, "starts" | "ends" | "q"> | undefined,
  goal: string | undefined,
): Segment[] {
  const ranges: { start: number; end: number; q: number | undefined }[] = [];
  const column = goal === undefined ? undefined : scores?.q[goal];
  for (let i = 0; i < (scores?.starts.length ?? 0); i++) {
    const [start, end] = [scores?.starts[i] ?? 0, scores?.ends[i] ?? 0];
    if (end <= start) continue;
    const value = known(column?.[i]);
    const last = ranges.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      last.q = value === undefined ? last.q : Math.min(value, last.q ?? value);
    } else {
      ranges.push({ start, end, q: value });
    }
  }
  const found: Segment[] = [];
  let at = 0;
  for (const { start, end, q } of ranges) {
    if (start > at) found.push({ text: text.slice(at, start), q: undefined });
    found.push({ text: text.slice(start, end), q });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), q: undefined });
  return found;
}

/** Ends of ColorBrewer's color-blind safe scale RdBu. Its white middle would glare on dark terminals: colors darken. */
const low = [178, 24, 43] as const;
const high = [33, 102, 172] as const;

/** Without colors low tokens must still stand out. */
function bracketed(segments: readonly Segment[]): string {
  let text = "";
  let isInside = false;
  for (const segment of segments) {
    const isLow = segment.q !== undefined && segment.q < threshold;
    if (isLow !== isInside) text += isLow ? "⟦" : "⟧";
    isInside = isLow;
    text += segment.text;
  }
  return isInside ? `${text}⟧` : text;
}

function painted(segments: readonly Segment[], colors: ChalkInstance): string {
  return segments
    .map(({ text, q }) => {
      if (q === undefined) return text;
      const shade = q < threshold ? shadeOf(q, colors).underline : shadeOf(q, colors);
      // A background color that continues past a line break would fill the rest of the line.
      return text
        .split("\n")
        .map((part) => (part === "" ? "" : shade(part)))
        .join("\n");
    })
    .join("");
}

function shadeOf(q: number, colors: ChalkInstance): ChalkInstance {
  const isLow = q < threshold;
  // Sixteen colors have no shades: low tokens are red, and only clearly high ones are blue.
  if (colors.level === 1) {
    if (isLow) return colors.bgRed.white;
    return q - threshold > 0.5 ? colors.bgBlue.white : colors.reset;
  }
  const [r, g, b] = (isLow ? low : high).map((channel) => Math.round(channel * strength(q)));
  return colors.bgRgb(r ?? 0, g ?? 0, b ?? 0).white;
}

/** Strength of a token's color in [0.25, 1], by the distance of its Q-value from the threshold. */
function strength(q: number): number {
  return 0.25 + 0.75 * Math.min(1, Math.abs(q - threshold));
}
