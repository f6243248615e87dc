/** A goal state: what hidden states are compared with. */
import { InputError } from "../../errors";

export interface GoalState {
  readonly name: string;
  /** How many prototypes it has: 1, or K from k-means. */
  readonly prototypes: number;
  /** [prototypes, hiddenSize] row by row. */
  readonly data: Float32Array;
}

/** The goal state, once its width is that of the model. */
export function fitting(state: GoalState, hiddenSize: number, place: string): GoalState {
  const width = state.data.length / state.prototypes;
  if (width === hiddenSize) return state;
  throw new InputError(
    place,
    `is a goal state of width ${width}, but the model's hidden states have ${hiddenSize}`,
  );
}
