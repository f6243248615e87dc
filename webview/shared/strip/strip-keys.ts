/** Keys that move through a strip of units. Pure. */
import type { Unit } from "../../../extension/display/units";

export type StripMove =
  | "left"
  | "right"
  | "first"
  | "last"
  | "next-low"
  | "previous-low"
  | "leave"
  | "reveal";

const moves: Readonly<Record<string, StripMove>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
  n: "next-low",
  N: "previous-low",
  ArrowUp: "leave",
  ArrowDown: "leave",
  Enter: "reveal",
  " ": "reveal",
};

export function stripMove(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
): StripMove | undefined {
  return event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
}

/** Index of the unit that a move leads to, or `from` if there is no such unit. */
export function unitAfter(
  from: number,
  units: readonly Unit[],
  move: Exclude<StripMove, "reveal" | "leave">,
  isLow: (unit: Unit) => boolean,
): number {
  if (move === "left") return Math.max(0, from - 1);
  if (move === "right") return Math.min(units.length - 1, from + 1);
  if (move === "first") return 0;
  if (move === "last") return units.length - 1;
  const found =
    move === "next-low"
      ? units.findIndex((unit, i) => i > from && isLow(unit))
      : units.findLastIndex((unit, i) => i < from && isLow(unit));
  return found < 0 ? from : found;
}
