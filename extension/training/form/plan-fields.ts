/** The fields of the fine-tuning form: what they are called, how they are written, and what is wrong with an entry. Pure. */
import { percent } from "../../reports/quantities";
import { expandedPath, type RunPlaces } from "./run-places";
import type { TrainingPlan } from "./training-plan";

export type FieldName = Exclude<keyof TrainingPlan, "method">;

/** A new plan, or what is wrong with the entry. */
export type PlanEntry = TrainingPlan | { readonly problem: string };

export interface PlanField {
  readonly name: FieldName;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly help: string;
  /** As a person reads it. */
  readonly shown: (plan: TrainingPlan) => string;
  /** As it is typed. */
  readonly typed: (plan: TrainingPlan) => string;
  readonly enter: (plan: TrainingPlan, text: string) => PlanEntry;
}

/** @param longest tokens that the model takes */
export function planFields(places: RunPlaces, longest: number): readonly PlanField[] {
  return [
    {
      name: "name",
      label: "Name",
      help: "Of the run, its folder, and the model in the list of models.",
      shown: ({ name }) => name,
      typed: ({ name }) => name,
      enter: (plan, text) => named(plan, text.trim(), places),
    },
    {
      name: "place",
      label: "Saved in",
      help: "The folder that the run's folder is made in.",
      shown: ({ place }) => place,
      typed: ({ place }) => place,
      enter: (plan, text) => placed(plan, expandedPath(text.trim()), places),
    },
    numeric(
      "epochs",
      "Epochs",
      "Passes over the training pairs; may be a fraction.",
      above(0, "a number above 0"),
    ),
    {
      name: "maxSteps",
      label: "Most steps",
      help: "Ends training early; empty: after the epochs.",
      shown: ({ maxSteps }) => maxSteps?.toLocaleString("en") ?? "as many as the epochs have",
      typed: ({ maxSteps }) => maxSteps?.toString() ?? "",
      enter: (plan, text) =>
        text.trim() === ""
          ? { ...plan, maxSteps: undefined }
          : entered(plan, "maxSteps", text, whole(1, Number.MAX_SAFE_INTEGER)),
    },
    numeric(
      "lambda",
      "λ",
      "Weight of the contrastive loss, which draws preferred hidden states together; 0: none.",
      { accepts: (value) => value >= 0, wanted: "a number, 0 or above" },
    ),
    numeric(
      "learningRate",
      "Learning rate",
      "How far a step moves the weights: 1e-5 to 1e-3 as a rule, less for larger models.",
      above(0, "a number above 0, as 2e-4"),
    ),
    numeric("batchSize", "Pairs of a step", "More make steps steadier and slower.", whole(1, 65_536)),
    numeric(
      "maxLength",
      "Longest sequence",
      `Tokens, prompt included; longer ones are left out. This model takes ${longest.toLocaleString("en")}.`,
      whole(2, longest),
    ),
    {
      ...numeric(
        "evalShare",
        "Held out",
        "Share of the prompts that tells how well the model does on others.",
        {
          accepts: (value) => value >= 0 && value < 1,
          wanted: "a share from 0 to below 1, as 0.05",
        },
      ),
      shown: ({ evalShare }) => (evalShare === 0 ? "none" : `${percent(evalShare)} of the prompts`),
    },
  ];
}

interface Rule {
  readonly accepts: (value: number) => boolean;
  /** Completes `It must be …`. */
  readonly wanted: string;
}

type NumberName = Exclude<FieldName, "name" | "place">;

function numeric(name: NumberName, label: string, help: string, rule: Rule): PlanField {
  const text = (plan: TrainingPlan): string => String(plan[name]);
  return {
    name,
    label,
    help,
    shown: text,
    typed: text,
    enter: (plan, typed) => entered(plan, name, typed, rule),
  };
}

function entered(plan: TrainingPlan, name: NumberName, text: string, { accepts, wanted }: Rule): PlanEntry {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && accepts(value)
    ? { ...plan, [name]: value }
    : { problem: `It must be ${wanted}.` };
}

type Planned = Pick<TrainingPlan, "name" | "place">;

function named(plan: TrainingPlan, name: string, places: RunPlaces): PlanEntry {
  if (!/^\w[\w.-]*$/.test(name))
    return { problem: "Use letters, digits, '.', '_' and '-', a letter, digit or '_' first." };
  const problem = takenProblem({ name, place: plan.place }, places);
  return problem === undefined ? { ...plan, name } : { problem };
}

function placed(plan: TrainingPlan, place: string, places: RunPlaces): PlanEntry {
  const problem = placeProblem({ ...plan, place }, places);
  return problem === undefined ? { ...plan, place } : { problem };
}

/** Why a run cannot be made where it is planned, in a sentence; undefined: it can. */
export function placeProblem(plan: Planned, places: RunPlaces): string | undefined {
  return places.problem(plan.place) ?? takenProblem(plan, places);
}

function takenProblem({ name, place }: Planned, places: RunPlaces): string | undefined {
  return places.taken(place).includes(name) ? `${place} has a folder called ${name} already.` : undefined;
}

function above(least: number, wanted: string): Rule {
  return { accepts: (value) => value > least, wanted };
}

function whole(least: number, most: number): Rule {
  const wanted =
    most < Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least} to ${most.toLocaleString("en")}`
      : `a whole number, ${least} or above`;
  return { accepts: (value) => Number.isSafeInteger(value) && value >= least && value <= most, wanted };
}
