/** Fine-Tune Reward Model…: shows the form, then starts the run. */
import { savedFile } from "../dialogs/dataset-picker";
import { datasetArgument, modelArgument } from "../views/arguments";
import type { FineTuneForm, FormAnswers } from "./form/fine-tune-form";
import type { Trainings } from "./trainings";
import { isTrustedFor } from "./trust";

export class FineTune {
  constructor(
    private readonly form: FineTuneForm,
    private readonly trainings: Trainings,
  ) {}

  /** @param argument argument of the command: a file, a model, or nothing */
  async call(argument: unknown): Promise<void> {
    const file = datasetArgument(argument);
    const dataset = file && (await savedFile(file));
    if (file && dataset === undefined) return;
    await this.run({ dataset, model: modelArgument(argument) });
  }

  /** Resolves when the form is done and the run is starting. @param start initial answers of the form */
  async run(start: FormAnswers = {}): Promise<void> {
    if (!(await isTrustedFor("fine-tuning reads data and models in this workspace"))) return;
    const filled = await this.form.fillIn(start);
    if (!filled) return;
    const { answers, request } = filled;
    void this.trainings.start(request, () => this.run(answers));
  }
}
