/** The numbers that a sentence may contain, and the quantity that results from them. */
import { computeEasily, most } from "./arithmetic";
import { type Event, events, type Opening } from "./phrasings";

/** The numbers of one sentence and their result. */
export interface Outcome {
  /** The operands in the order in which the sentence mentions them. */
  readonly numbers: readonly number[];
  /** The quantity after the sentence. */
  readonly result: number;
}

const [terms, factors] = [range(2, 15), range(2, 9)];
export const distractorNumbers: readonly number[] = range(6, most);

export function openingOutcomes(operation: Opening["operation"]): readonly Outcome[] {
  if (!operation) return range(4, most).map((a) => ({ numbers: [a], result: a }));
  const own = operation === "*" ? factors : terms;
  return own.flatMap((a) => own.flatMap((b) => outcome([a, b], computeEasily(a, operation, b))));
}

/** Outcomes by event and quantity, computed once because every sentence of every story needs them. */
const outcomes: ReadonlyMap<Event, readonly (readonly Outcome[])[]> = new Map(
  events.map((event) => [event, range(0, most).map((value) => worked(event, value))]),
);

/** @param value the quantity before the event */
export function outcomesOf(event: Event, value: number): readonly Outcome[] {
  return outcomes.get(event)?.[value] ?? [];
}

export function isPossible(event: Event, value: number): boolean {
  return outcomesOf(event, value).length > 0;
}

function worked({ operation, isProduct }: Event, value: number): readonly Outcome[] {
  if (isProduct) {
    return factors.flatMap((a) =>
      factors.flatMap((b) => outcome([a, b], computeEasily(value, operation, a * b))),
    );
  }
  const own = operation === "+" || operation === "-" ? terms : factors;
  return own.flatMap((a) => outcome([a], computeEasily(value, operation, a)));
}

function outcome(numbers: readonly number[], result: number | undefined): Outcome[] {
  return result === undefined ? [] : [{ numbers, result }];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
