/** Builds the comparison that the compare panel shows from scored completions. */
import { basename } from "node:path";
import type * as vscode from "vscode";
import { marginOf } from "../../display/margin";
import type { Reader } from "../../editor/scores/reader";
import type { ScoredDocuments } from "../../editor/scores/scored-documents";
import { InputError } from "../../engine/errors";
import type { EngineHost } from "../../platform/engine/engine-host";
import { type ActiveModel, modelName } from "../../platform/models/active-model";
import type { Comparison, Side } from "../../protocol/panels/compare";
import { textsOf } from "../../scores/outcome";
import {
  completionLabel,
  promptsOf,
  promptText,
  shownOf,
  sideOf,
  type TitledRow,
  titleOf,
  twoModelNames,
} from "./comparison";
import { type CompletionFinder, type Found, locatedOf } from "./completion-finder";
import type { Position, RowWalk } from "./row-walk";
import type { Subject } from "./subject";

/** A comparison and its position among the document's rows. */
export interface Compared {
  readonly comparison: Comparison;
  readonly position: Position | null;
}

/** The parts that differ between kinds of comparison. */
interface Shown {
  readonly title: string;
  readonly prompt: string;
  readonly sides: readonly Side[];
  readonly margin?: number | undefined;
  readonly position?: Position | null;
}

export class Comparer {
  /** Fires if scores have changed. */
  readonly onDidChange: vscode.Event<unknown>;

  constructor(
    private readonly engine: { readonly client: Pick<EngineHost["client"], "score"> },
    private readonly documents: Pick<ScoredDocuments, "onDidChange" | "settings">,
    private readonly model: Pick<ActiveModel, "model" | "name" | "defaultFolder" | "inspect" | "request">,
    private readonly reader: Pick<Reader, "rewardQuantiles">,
    private readonly finder: Pick<CompletionFinder, "find">,
    private readonly walk: Pick<RowWalk, "position">,
  ) {
    this.onDidChange = documents.onDidChange;
  }

  /** Compares; undefined if there is no completion at that place. Rejects with InputError or the engine's error. */
  async compare(subject: Subject, signal: AbortSignal): Promise<Compared | undefined> {
    const found = await this.finder.find(locatedOf(subject), signal);
    const shown = found && (await this.#shown(subject, found, signal));
    return shown && { comparison: this.#comparison(shown), position: shown.position ?? null };
  }

  async #shown(subject: Subject, found: Found, signal: AbortSignal): Promise<Shown | undefined> {
    if (subject.kind === "models") return this.#underModels(found, subject.other, signal);
    if (subject.kind === "completions") {
      const other = await this.finder.find(subject.second, signal);
      return other && this.#twoCompletions(found, other);
    }
    const { region, row } = found.entry;
    const sides = shownOf(region, found.index).map((index) =>
      this.#side({ ...found, index }, completionLabel(region, index)),
    );
    return {
      title: titleOf([this.#place(found)]),
      prompt: promptText(region, found.index),
      sides,
      ...(sides.length === 2 ? { margin: marginOf(row.scores) } : {}),
      position: this.#position(found),
    };
  }

  #twoCompletions(first: Found, second: Found): Shown {
    const both = [first, second];
    const places = both.map((found) => this.#place(found));
    const [a, b] = places;
    const isOneFile = a?.file === b?.file;
    const labels = both.map(({ entry, index }, i) => {
      const label = completionLabel(entry.region, index);
      const { file, row } = places[i] ?? {};
      if (isOneFile && a?.row === b?.row) return label;
      const words = [isOneFile ? undefined : file, row === undefined ? undefined : `row ${row}`, label];
      return words.filter((word) => word !== undefined).join(", ");
    });
    return {
      title: titleOf(places),
      prompt: promptsOf(
        both.map(({ entry, index }, i) => [labels[i] ?? "", promptText(entry.region, index)]),
      ),
      sides: both.map((found, i) => this.#side(found, labels[i] ?? "")),
    };
  }

  /** Scores the row with the other model. The engine keeps the row, so that unchanged parts are not computed again. */
  async #underModels(found: Found, other: string, signal: AbortSignal): Promise<Shown> {
    const { entry, index } = found;
    const { rewardQuantiles, template } = await this.model.inspect(other);
    const region = found.scored.rows.forModel(entry.region, template);
    const request = { ...this.model.request(other), rows: [{ ...region.row, row: 0 }], tokens: true };
    const { rows, settings } = await this.engine.client.score({ ...request, reuse: true }, signal);
    const [row] = rows;
    if (!row) throw new InputError(region.row.place, "was not scored");
    if ("problem" in row) throw new InputError(row.place, row.problem);
    const scored = { ...row, texts: textsOf(row, region.row) };
    const { model, defaultFolder } = this.model;
    const names = [model, other].map((one) => modelName(one, defaultFolder));
    const [ours = "", theirs = ""] = twoModelNames([model, other], names);
    const name = `${theirs} · ${settings.device}`;
    const which = region.completions.length > 1 ? `, ${completionLabel(region, index)}` : "";
    return {
      title: `${titleOf([this.#place(found)])}${which}`,
      prompt: promptText(region, index),
      sides: [
        this.#side(found, ours, ours),
        sideOf({ label: theirs, model: name, region, row: scored, index, rewardQuantiles }),
      ],
      position: this.#position(found),
    };
  }

  #side({ entry: { region, row }, index }: Found, label: string, name = this.model.name): Side {
    const device = this.documents.settings?.device;
    const model = device === undefined ? name : `${name} · ${device}`;
    return sideOf({ label, model, region, row, index, rewardQuantiles: this.reader.rewardQuantiles });
  }

  #comparison({ title, prompt, sides, margin }: Shown): Comparison {
    return {
      title,
      prompt,
      sides: [...sides],
      margin: margin ?? null,
      goals: [...new Set(sides.flatMap(({ tokens }) => Object.keys(tokens.q)))],
      rewardQuantiles: [...(this.reader.rewardQuantiles ?? [])],
    };
  }

  #place(found: Found): TitledRow {
    const position = this.#position(found);
    return { file: basename(found.scored.document.fileName), row: position ? position.index + 1 : undefined };
  }

  #position({ scored, entry }: Found): Position | null {
    return this.walk.position(scored, entry.region.start);
  }
}
