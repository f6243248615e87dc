/** Forms of several steps, with a way back. Pure: how a step asks is its own matter. */

/** The user wants the step before. */
export const back = Symbol("back");
export type Back = typeof back;

/** The user wants an earlier step, from 1 as in FormPlace, with what was answered so far. */
export class BackTo<A> {
  constructor(
    readonly step: number,
    readonly answers: A,
  ) {}
}

/** Where a step stands, for its title. */
export interface FormPlace {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

/** Asks something. Answers with the answers so far and its own, a step to go back to, or undefined: the user gives up. */
export type FormStep<A> = (answers: A, place: FormPlace) => Promise<A | Back | BackTo<A> | undefined>;

/**
 * Goes through the steps. What was answered before going back stays, for steps to begin from.
 * @param first index of the step to begin at: those before it are answered
 */
export async function fillIn<A>(start: A, steps: readonly FormStep<A>[], first = 0): Promise<A | undefined> {
  let answers = start;
  let at = first;
  for (let step = steps[at]; step; step = steps[at]) {
    const answer = await step(answers, { step: at + 1, steps: steps.length });
    if (answer === undefined) return undefined;
    if (answer === back) at = Math.max(0, at - 1);
    else if (answer instanceof BackTo) {
      answers = answer.answers;
      at = answer.step - 1;
    } else {
      answers = answer;
      at++;
    }
  }
  return answers;
}
