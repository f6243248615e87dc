/** Makes of scored completions what the compare panel shows, and goes from row to row. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { marginOf } from "../../display/margin";
import type { BadRegion, Region } from "../../editor/documents/regions/region";
import type { Reader } from "../../editor/scores/reader";
import type { ScoredDocument } from "../../editor/scores/scored-document";
import type { ScoredDocuments } from "../../editor/scores/scored-documents";
import { InputError } from "../../engine/errors";
import { type ActiveModel, modelName } from "../../platform/active-model";
import type { EngineHost } from "../../platform/engine-host";
import type { Preferences } from "../../platform/preferences";
import type { Comparison, Display, Side } from "../../protocol/compare";
import { textsOf } from "../../scores/outcome";
import {
  completionAt,
  labelOf,
  lackOfGoal,
  promptsOf,
  promptText,
  type RowPlace,
  shownOf,
  sideOf,
  titleOf,
  twoModelNames,
} from "./comparison";
import { CompletionFinder, type Found, locatedOf } from "./completion-finder";
import { nextMisranked } from "./misranked";
import { RowOrder } from "./row-order";
import { type Subject, subjectText } from "./subject";

/** What of the display a panel asks to change. */
type DisplayChange = { readonly [K in keyof Display]?: Display[K] | undefined };

/** What differs between the kinds of comparisons. */
interface Shown {
  readonly title: string;
  readonly prompt: string;
  readonly sides: readonly Side[];
  readonly margin?: number | undefined;
  readonly position?: Comparison["position"];
}

export class Comparer {
  readonly onDidChange: vscode.Event<unknown>;
  readonly finder: CompletionFinder;
  readonly #orders = new WeakMap<ScoredDocument, RowOrder>();

  constructor(
    private readonly engine: EngineHost,
    private readonly documents: ScoredDocuments,
    private readonly model: ActiveModel,
    private readonly preferences: Preferences,
    private readonly reader: Reader,
  ) {
    this.finder = new CompletionFinder(documents);
    this.onDidChange = (listener) =>
      vscode.Disposable.from(
        documents.onDidChange(listener),
        reader.onDidChange(() => listener(undefined)),
      );
  }

  /** undefined: there is no completion at that place. Rejects with InputError, or what the engine says. */
  async compare(subject: Subject, signal: AbortSignal): Promise<Comparison | undefined> {
    const found = await this.finder.find(locatedOf(subject), signal);
    if (!found) return undefined;
    const shown = await this.#shown(subject, found, signal);
    return shown && this.#comparison(subject, shown);
  }

  async choose({ metric, granularity, goal, threshold }: DisplayChange): Promise<void> {
    await this.preferences.choose({
      ...(metric ? { metric } : {}),
      ...(granularity ? { granularity } : {}),
      ...(goal ? { goalState: goal } : {}),
      ...(threshold === undefined ? {} : { threshold }),
    });
  }

  /** undefined: there is none. Rejects with CancellationError where the user ends the search. */
  async neighbor(subject: Subject, to: "next" | "previous" | "next-misranked"): Promise<Subject | undefined> {
    const { uri, offset } = locatedOf(subject);
    const scored = await this.finder.scored(uri);
    const order = this.#order(scored);
    const at = order.indexAt(offset);
    const index = completionIndex(order.row(at), offset);
    const row =
      to === "next-misranked"
        ? await nextMisranked(this.documents, scored, order, at)
        : order.row(to === "next" ? at + 1 : at - 1);
    if (!row) return undefined;
    const next = { uri, offset: offsetOf(row, index) };
    return subject.kind === "models" ? { ...subject, at: next } : { kind: "row", at: next };
  }

  /** Where the cursor of an editor leads the panel; undefined: it stays. */
  follow(subject: Subject | undefined, { document, selection }: vscode.TextEditor): Subject | undefined {
    if (subject?.kind === "completions" || !this.documents.get(document)) return undefined;
    const at = { uri: document.uri.toString(), offset: document.offsetAt(selection.active) };
    return subject?.kind === "models" ? { ...subject, at } : { kind: "row", at };
  }

  async #shown(subject: Subject, found: Found, signal: AbortSignal): Promise<Shown | undefined> {
    if (subject.kind === "models") return this.#underModels(found, subject.other, signal);
    if (subject.kind === "completions") {
      const other = await this.finder.find(subject.second, signal);
      return other && this.#twoCompletions(found, other);
    }
    const { region, row } = found.entry;
    const sides = shownOf(region, found.index).map((index) =>
      this.#side({ ...found, index }, labelOf(region, index)),
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
      const label = labelOf(entry.region, index);
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

  /** The row is kept by the engine, so that what has not changed since is not computed again. */
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
    const which = region.completions.length > 1 ? `, ${labelOf(region, index)}` : "";
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

  #comparison(subject: Subject, { title, prompt, sides, margin, position }: Shown): Comparison {
    const goals = [...new Set(sides.flatMap(({ tokens }) => Object.keys(tokens[0]?.q ?? {})))];
    const { metric, granularity, threshold, goal, rewardQuantiles } = this.reader.options(goals);
    return {
      subject: subjectText(subject),
      title,
      prompt,
      sides: sides.map((side) => ({ ...side, warnings: [...side.warnings, ...lackOfGoal(side, goal)] })),
      margin: margin ?? null,
      goals,
      rewardQuantiles: [...(rewardQuantiles ?? [])],
      display: { metric, granularity, threshold, goal: goal ?? "" },
      position: position ?? null,
    };
  }

  #place(found: Found): RowPlace {
    const position = this.#position(found);
    return { file: basename(found.scored.document.fileName), row: position ? position.index + 1 : undefined };
  }

  /** null: there is nothing to go through. */
  #position({ scored, entry }: Found): Comparison["position"] {
    const order = this.#order(scored);
    const { count } = order;
    return count > 1 ? { index: order.indexAt(entry.region.start), count } : null;
  }

  #order(scored: ScoredDocument): RowOrder {
    const order = this.#orders.get(scored) ?? new RowOrder(scored.rows);
    this.#orders.set(scored, order);
    return order;
  }
}

/** Of the completion that is looked at in a row; 0 where the row cannot be read. */
function completionIndex(row: Region | BadRegion | undefined, offset: number): number {
  return row && "row" in row ? completionAt(row, offset) : 0;
}

/** Where a completion of a row begins in the document, or else the row. */
function offsetOf(row: Region | BadRegion, index: number): number {
  const first = "row" in row ? row.completions[index]?.texts[0] : undefined;
  return row.start + (first?.at(0) ?? 0);
}
