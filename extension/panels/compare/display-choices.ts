/** Display choices of the compare panel, which it shares with the editor's shading. */
import type * as vscode from "vscode";
import type { Reader } from "../../editor/scores/reader";
import type { Preferences } from "../../platform/settings/preferences";
import type { Display } from "../../protocol/panels/compare";
import type { Change } from "../../protocol/panels/panel";

export class DisplayChoices {
  /** Fires if another display is chosen, or the model's reward quantiles arrive. */
  readonly onDidChange: vscode.Event<void>;

  constructor(
    private readonly reader: Pick<Reader, "options" | "onDidChange" | "rewardQuantiles">,
    private readonly preferences: Pick<Preferences, "choose">,
  ) {
    this.onDidChange = reader.onDidChange;
  }

  get rewardQuantiles(): readonly number[] {
    return this.reader.rewardQuantiles ?? [];
  }

  /** @param goals names of the goal states that the scores have */
  of(goals: readonly string[]): Display {
    const { metric, granularity, threshold, scale, goal } = this.reader.options(goals);
    return { metric, granularity, threshold, scale, goal: goal ?? "" };
  }

  async choose({ metric, granularity, goal, threshold, scale }: Change<Display>): Promise<void> {
    await this.preferences.choose({
      ...(metric ? { metric } : {}),
      ...(granularity ? { granularity } : {}),
      ...(goal ? { goalState: goal } : {}),
      ...(threshold === undefined ? {} : { threshold }),
      ...(scale ? { scale } : {}),
    });
  }
}
