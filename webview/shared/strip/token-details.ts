/** What there is to say about one token, for tooltips, screen readers and exports. Pure. */
import { metricNames } from "../../../extension/display/metric";
import type { Unit } from "../../../extension/display/units";
import { decimal, quoted } from "../../../extension/display/wording";
import type { ShadedText } from "./shaded-text";
import { spelled } from "./strip-text";

export interface TokenDetails {
  readonly quoted: string;
  /** `id 1183 · token 15 of 30` */
  readonly place: string;
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

export function tokenDetails({ side, display }: ShadedText, index: number): TokenDetails | undefined {
  const token = side.tokens[index];
  if (!token) return undefined;
  const before = side.tokens[index - 1];
  const figures = Object.entries(token.q).map(([goal, q]) => ({
    name: Object.keys(token.q).length === 1 ? "Q" : `Q ${goal}`,
    value: number(q),
  }));
  const qBefore = before?.q[display.goal];
  if (typeof qBefore === "number") figures.push({ name: "Q before", value: number(qBefore) });
  if (token.partialReward !== null)
    figures.push({ name: "partial reward", value: number(token.partialReward) });
  return {
    quoted: quoted(token.text),
    place: `id ${token.id} · token ${index + 1} of ${side.tokens.length}`,
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
    unit.end > unit.start
      ? side.text.slice(unit.start, unit.end)
      : (side.tokens[unit.firstToken]?.text ?? "");
  const told = `"${spelled(text)}"`;
  if (unit.value === undefined) return `${told}, no value`;
  const value = `${metricNames[display.metric]} ${decimal(unit.value)}`;
  return `${told}, ${value}${unit.value < scale.threshold ? ", low" : ""}`;
}

function number(value: number | null): string {
  return value === null ? "not a number" : decimal(value);
}
