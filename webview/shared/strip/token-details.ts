/** Details of one token, for tooltips, screen readers and exports. Pure. */
import { metricNames } from "../../../extension/display/metric";
import type { Unit } from "../../../extension/display/units";
import { decimal, quoted } from "../../../extension/display/wording";
import { type ShadedText, textOfToken } from "./shaded-text";
import { spelled } from "./strip-text";

export interface TokenDetails {
  readonly quoted: string;
  /** `id 1183 · token 15 of 30` */
  readonly place: string;
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

export function tokenDetails({ side, display }: ShadedText, index: number): TokenDetails | undefined {
  const { ids, partialRewards, q } = side.tokens;
  const id = ids[index];
  if (id === undefined) return undefined;
  const goals = Object.keys(q);
  const figures = goals.map((goal) => ({
    name: goals.length === 1 ? "Q" : `Q ${goal}`,
    value: number(q[goal]?.[index]),
  }));
  const before = q[display.goal]?.[index - 1];
  if (before !== undefined && Number.isFinite(before))
    figures.push({ name: "Q before", value: number(before) });
  const partialReward = partialRewards?.[index];
  if (partialReward !== undefined && Number.isFinite(partialReward))
    figures.push({ name: "partial reward", value: number(partialReward) });
  return {
    quoted: quoted(textOfToken(side, index)),
    place: `id ${id} · token ${index + 1} of ${ids.length}`,
    figures,
  };
}

export function detailsSentence({ quoted, place, figures }: TokenDetails): string {
  return [
    `${quoted}, ${place.replace(" · ", ", ")}`,
    ...figures.map(({ name, value }) => `${name} ${value}`),
  ].join(", ");
}

/** `" 52", Q-value −0.35, low` */
export function unitSentence({ side, display, scale }: ShadedText, unit: Unit): string {
  const text =
    unit.end > unit.start ? side.text.slice(unit.start, unit.end) : textOfToken(side, unit.firstToken);
  const spoken = `"${spelled(text)}"`;
  if (unit.value === undefined) return `${spoken}, no value`;
  const value = `${metricNames[display.metric]} ${decimal(unit.value)}`;
  return `${spoken}, ${value}${unit.value < scale.threshold ? ", low" : ""}`;
}

function number(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "not a number" : decimal(value);
}
