/** Joins the steps of an answer into one completion. */
import { SourcedText } from "./text";

export interface StepText {
  readonly text: SourcedText;
  /** Whether the step is correct; absent if the data does not say. */
  readonly correct?: boolean;
}

/** Joins steps; each step's range excludes the separator. */
export function stepwise(
  taken: readonly StepText[],
  separator: string,
): {
  readonly completion: SourcedText;
  readonly steps: readonly { readonly start: number; readonly end: number; readonly correct?: boolean }[];
} {
  let end = -separator.length;
  const steps = taken.map(({ text, ...correct }) => {
    const start = end + separator.length;
    end = start + text.text.length;
    return { start, end, ...correct };
  });
  return {
    completion: SourcedText.join(
      taken.map(({ text }) => text),
      separator,
    ),
    steps,
  };
}
