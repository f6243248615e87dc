/** The settings of a fine-tuning run as a list, each changed by choosing it. */
import * as vscode from "vscode";
import { askChoice, askText } from "../../dialogs/ask";
import { type Back, back, type FormPlace } from "../../dialogs/form";
import type { PlanField } from "./plan-fields";
import type { TrainingPlan } from "./training-plan";

const goOn = Symbol("go on");

/** Answers with the plan as it was changed, and whether the user goes on or back; undefined: the user gave up. */
export async function editPlan(
  start: TrainingPlan,
  fields: readonly PlanField[],
  title: string,
  place: FormPlace,
): Promise<{ readonly plan: TrainingPlan; readonly isDone: boolean } | undefined> {
  let plan = start;
  let last: PlanField | typeof goOn = goOn;
  for (;;) {
    const chosen: PlanField | typeof goOn | Back | undefined = await askChoice<PlanField | typeof goOn>({
      title,
      place,
      placeholder: "Continue with these settings, or choose one to change it",
      items: [
        { label: "$(arrow-right) Continue", value: goOn },
        { label: "", kind: vscode.QuickPickItemKind.Separator },
        ...fields.map((field) => ({
          label: field.label,
          description: field.shown(plan),
          detail: field.help,
          value: field,
        })),
      ],
      active: (value) => value === last,
    });
    if (chosen === undefined) return undefined;
    if (chosen === back || chosen === goOn) return { plan, isDone: chosen === goOn };
    last = chosen;
    plan = (await editField(plan, chosen, title, place)) ?? plan;
  }
}

/** undefined: it stays as it is. */
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
