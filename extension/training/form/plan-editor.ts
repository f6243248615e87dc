/** Shows the settings of a fine-tuning run as a list, in which the user chooses those to change. */
import * as vscode from "vscode";
import { askChoice, askText } from "../../dialogs/ask";
import { type Back, back, type FormPlace } from "../../dialogs/form";
import type { PlanField } from "./plan-fields";
import type { TrainingPlan } from "./training-plan";

const proceed = Symbol("proceed");

/** Resolves to the changed plan and whether the user continues or goes back; undefined if the user gives up. */
export async function editPlan(
  start: TrainingPlan,
  fields: readonly PlanField[],
  title: string,
  place: FormPlace,
): Promise<{ readonly plan: TrainingPlan; readonly isDone: boolean } | undefined> {
  let plan = start;
  let last: PlanField | typeof proceed = proceed;
  for (;;) {
    const chosen: PlanField | typeof proceed | Back | undefined = await askChoice<PlanField | typeof proceed>(
      {
        title,
        place,
        placeholder: "Continue with these settings, or choose one to change it",
        items: [
          { label: "$(arrow-right) Continue", value: proceed },
          { label: "", kind: vscode.QuickPickItemKind.Separator },
          ...fields.map((field) => ({
            label: field.label,
            description: field.shown(plan),
            detail: field.help,
            value: field,
          })),
        ],
        active: (value) => value === last,
      },
    );
    if (chosen === undefined) return undefined;
    if (chosen === back || chosen === proceed) return { plan, isDone: chosen === proceed };
    last = chosen;
    plan = (await editField(plan, chosen, title, place)) ?? plan;
  }
}

/** The plan with one field changed; undefined if the user does not change it. */
async function editField(
  plan: TrainingPlan,
  field: PlanField,
  title: string,
  place: FormPlace,
): Promise<TrainingPlan | undefined> {
  const text = await askText({
    title: `${title}: ${field.label}`,
    place,
    prompt: field.help,
    value: field.typed(plan),
    check: (typed) => {
      const entry = field.enter(plan, typed);
      return "problem" in entry ? entry.problem : undefined;
    },
  });
  if (text === undefined || text === back) return undefined;
  const entry = field.enter(plan, text);
  return "problem" in entry ? undefined : entry;
}
