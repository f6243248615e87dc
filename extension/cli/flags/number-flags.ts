/** Parsers of number flags for commander. Each refuses a bad value by saying what it must be. */
import { InvalidArgumentError } from "commander";
import type { Window } from "../../protocol/train-settings";

type NumberFlag = (text: string) => number;

export const weight: NumberFlag = numberWhere((value) => value >= 0, "a number of 0 or more");
export const positive: NumberFlag = numberWhere((value) => value > 0, "a number above 0");
export const share: NumberFlag = numberWhere((value) => value >= 0 && value <= 1, "a number from 0 to 1");
export const shareBelowOne: NumberFlag = numberWhere(
  (value) => value >= 0 && value < 1,
  "a number from 0 up to, but not including, 1",
);
export const countOrNone: NumberFlag = numberWhere(
  (value) => Number.isSafeInteger(value) && value >= 0,
  "a whole number of 0 or more",
);

function numberWhere(isGood: (value: number) => boolean, what: string): NumberFlag {
  return (text) => {
    const value = numberOf(text);
    if (!isGood(value)) throw new InvalidArgumentError(`It must be ${what}.`);
    return value;
  };
}

/** Parses a part of a completion, such as 0.9:1 for its last tenth. */
export function window(text: string): Window {
  const [from = Number.NaN, to = Number.NaN, ...more] = text.split(":").map(numberOf);
  if (more.length > 0 || !(from >= 0 && from < to && to <= 1))
    throw new InvalidArgumentError(
      "It must be two shares of the completion, the smaller one first, such as 0.9:1 for its last tenth.",
    );
  return [from, to];
}

/** NaN if the text is not a finite number. */
function numberOf(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
