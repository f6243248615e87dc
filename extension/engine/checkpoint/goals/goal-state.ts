/** Goal states: reference vectors that hidden states are compared with by cosine. */
import { InputError } from "../../errors";

export interface GoalState {
  readonly name: string;
  /** Number of prototypes: 1, or K for k-means. */
  readonly prototypes: number;
  /** [prototypes, hiddenSize], row-major. */
  readonly data: Float32Array;
}

/** Returns the goal state. Throws InputError if its width is not the model's hidden size. */
export function fitting(state: GoalState, hiddenSize: number, place: string): GoalState {
  const width = state.data.length / state.prototypes;
  if (width === hiddenSize) return state;
  throw new InputError(
    place,
    `is a goal state of width ${width}, but the model's hidden states have ${hiddenSize}`,
  );
}
