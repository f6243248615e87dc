/** What the commands on lines of the views do; from the palette they ask, or say what to click. */

import type { ModelPicker } from "../dialogs/model-picker";
import type { ActiveModel } from "../platform/active-model";
import type { KnownModels } from "../platform/known-models";
import type { KnownRuns } from "../platform/known-runs";
import type { Trainings } from "../training/trainings";
import { goalArgument, modelArgument, revealFolder, runArgument } from "../views/arguments";
import type { GoalStatesView } from "../views/goal-states-view";
import { openModelCard } from "../views/runs-view";
import type { CommandHandlers, CommandId } from "./command-table";

export interface ViewParts {
  readonly model: ActiveModel;
  readonly models: KnownModels;
  readonly runs: KnownRuns;
  readonly goals: GoalStatesView;
  readonly picker: ModelPicker;
  readonly trainings: Trainings;
}

type ViewCommand = Extract<
  CommandId,
  `rewardInspector.${"useModel" | "addModelFolder" | "removeModel" | "useGoal" | `${"resume" | "pause" | "stop"}Run` | "openModelCard" | "revealFolder" | "refreshViews"}`
>;

export function viewHandlers({
  model,
  models,
  runs,
  goals,
  picker,
  trainings,
}: ViewParts): Pick<CommandHandlers, ViewCommand> {
  return {
    "rewardInspector.useModel": (line) => {
      const model = modelArgument(line);
      return model === undefined ? picker.select() : picker.use(model);
    },
    "rewardInspector.addModelFolder": () => picker.addFolder(),
    "rewardInspector.removeModel": (line) =>
      models.remove(of(modelArgument(line), "a model in the Models view")),
    "rewardInspector.useGoal": (line) => {
      const goal = goalArgument(line);
      return goal === undefined ? goals.select() : goals.use(goal);
    },
    "rewardInspector.resumeRun": (line) => void trainings.resume(runOf(line)),
    "rewardInspector.pauseRun": (line) => trainings.pause(runOf(line)),
    "rewardInspector.stopRun": (line) => trainings.stop(runOf(line)),
    "rewardInspector.openModelCard": (line) => {
      runOf(line);
      return openModelCard(modelArgument(line));
    },
    "rewardInspector.revealFolder": (line) =>
      revealFolder(of(runArgument(line) ?? modelArgument(line), "a line of the Models or Runs view")),
    "rewardInspector.refreshViews": () => {
      model.refresh();
      runs.refresh();
    },
  };
}

function runOf(line: unknown): string {
  return of(runArgument(line), "a run in the Runs view");
}

function of(argument: string | undefined, what: string): string {
  if (argument === undefined) throw new Error(`works on ${what}: use its button or context menu there`);
  return argument;
}
