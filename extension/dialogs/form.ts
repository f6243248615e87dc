/** Forms of several steps, with a way back. Pure: each step decides how to ask. */

/** Answer of a user who wants to return to the previous step. */
export const back = Symbol("back");
export type Back = typeof back;

/** Answer of a user who wants to return to an earlier step, numbered from 1, and keep the answers so far. */
export class BackTo<A> {
  constructor(
    readonly step: number,
    readonly answers: A,
  ) {}
}

/** Number of a step, which is shown in its title. */
export interface FormPlace {
  /** Number of the step, counted from 1. */
  readonly step: number;
  readonly steps: number;
}

/** Asks a question. Resolves to all answers so far, to a step to return to, or to undefined if the user gives up. */
export type FormStep<A> = (answers: A, place: FormPlace) => Promise<A | Back | BackTo<A> | undefined>;

/**
 * Asks the questions of all steps. Steps that are asked again start from the earlier answers.
 * @param first index of the first step to ask; the steps before it are already answered
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
