/** The contract of the evaluation panel. */
import * as v from "valibot";
import { panelContract, status } from "./panel";

const text = v.string();

const section = v.object({
  title: text,
  /** How the numbers were computed. */
  rule: v.exactOptional(text),
  /** Value, 95% interval or an empty string, name, meaning. */
  lines: v.array(v.tuple([text, text, text, text])),
  /** Rows of equal length; the first cell of each is its name. */
  columns: v.exactOptional(v.object({ caption: text, rows: v.array(v.array(text)) })),
});

const report = v.object({
  title: text,
  warnings: v.array(text),
  heading: v.array(text),
  sections: v.array(section),
  footing: v.exactOptional(text),
  /** Sentences about how the evaluation was run. */
  notes: v.array(text),
});

/** The page keeps the whole state, because evaluating again takes minutes. */
const state = v.object({
  status,
  report: v.nullable(report),
  /** Path of the dataset, and the model's folder or name. */
  dataset: text,
  model: text,
  /** Whether misranked pairs can be shown in the compare panel. */
  hasMisranked: v.boolean(),
});

export const evaluationContract = panelContract({
  name: "evaluation",
  title: "Evaluation",
  state,
  change: v.partial(state),
  kept: state,
  notice: v.never(),
  intent: v.object({ type: v.picklist(["show-misranked", "copy-markdown", "evaluate-again"]) }),
});

export type EvaluationState = v.InferOutput<typeof state>;
export type EvaluationPage = v.InferOutput<typeof report>;
export type EvaluationIntent = { readonly type: "show-misranked" | "copy-markdown" | "evaluate-again" };
