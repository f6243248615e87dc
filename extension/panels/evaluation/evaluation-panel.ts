/** The host half of the evaluation panel, which shows one report and keeps it when the window reloads. */
import * as vscode from "vscode";
import {
  type EvaluationIntent,
  type EvaluationPage,
  type EvaluationState,
  evaluationContract,
} from "../../protocol/panels/evaluation";
import { evaluationMarkdown } from "../../reports/evaluation-markdown";
import { Panel } from "../panel";

/** A model, and the dataset on which it was evaluated. */
export interface Evaluated {
  /** Folder of the model, or its name in the Hugging Face cache. */
  readonly model: string;
  /** Path of the dataset. */
  readonly dataset: string;
}

export interface EvaluationParts {
  readonly showMisranked: (evaluated: Evaluated) => Promise<void>;
  readonly evaluateAgain: (evaluated: Evaluated) => Promise<void>;
}

const nothing: EvaluationState = {
  status: { kind: "empty", text: "Run Evaluate Reward Model… to see how well a model ranks a dataset." },
  report: null,
  dataset: "",
  model: "",
  hasMisranked: false,
};

export class EvaluationPanel extends Panel<EvaluationState, EvaluationState, never, EvaluationIntent> {
  constructor(
    extension: vscode.Uri,
    private readonly parts: EvaluationParts,
  ) {
    super(extension, evaluationContract, nothing);
  }

  /** @param hasMisranked whether there are misranked pairs that the compare panel can show */
  show(report: EvaluationPage, { model, dataset }: Evaluated, hasMisranked: boolean): void {
    this.open();
    this.set({ status: { kind: "shown", text: "" }, report, model, dataset, hasMisranked });
    this.title = `Evaluation: ${report.title}`;
  }

  protected override revive(kept: EvaluationState): boolean {
    if (!kept.report) return false;
    this.set(kept);
    return true;
  }

  protected override async receive({ type }: EvaluationIntent): Promise<void> {
    const { report, model, dataset } = this.state;
    if (!report) return;
    switch (type) {
      case "show-misranked":
        return this.parts.showMisranked({ model, dataset });
      case "evaluate-again":
        return this.parts.evaluateAgain({ model, dataset });
      case "copy-markdown":
        await vscode.env.clipboard.writeText(evaluationMarkdown(report, report.notes));
        void vscode.window.showInformationMessage("Reward Inspector: the report was copied as Markdown.");
        return;
    }
  }
}
