/** Finds and scores what the compare panel shows, and goes from row to row. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Comparison, Display, Side } from "../../webview/shared/messages";
import { type ActiveModel, modelName } from "../editor/active-model";
import type { EngineHost } from "../editor/engine-host";
import type { Preferences } from "../editor/preferences";
import type { Reader } from "../editor/reader";
import { rangeIn, type ScoredEntry } from "../editor/scored-document";
import type { ScoredDocument, ScoredDocuments } from "../editor/scored-documents";
import { InputError } from "../engine/errors";
import { marginOf } from "../tokens/margin";
import { labelOf, promptText, shownOf, sideOf } from "./comparison";
import { RowOrder } from "./row-order";
import type { Located, Subject } from "./subject";
import type { TokenPlace } from "./token-pointer";

/** A completion that has been found and scored. */
interface Found {
  readonly scored: ScoredDocument;
  readonly entry: ScoredEntry;
  readonly index: number;
}

/** What of the display a panel asks to change. */
type DisplayChange = { readonly [K in keyof Display]?: Display[K] | undefined };

/** Rows that are scored at once in search of a misranked pair. */
const step = 16;

export class Comparer {
  readonly onDidChange: vscode.Event<unknown>;

  constructor(
    private readonly engine: EngineHost,
    private readonly documents: ScoredDocuments,
    private readonly model: ActiveModel,
    private readonly preferences: Preferences,
    private readonly reader: Reader,
  ) {
    this.onDidChange = (listener) =>
      vscode.Disposable.from(
        documents.onDidChange(listener),
        reader.onDidChange(() => listener(undefined)),
      );
  }

  /** undefined: there is no completion at that place. Rejects with InputError, or what the engine says. */
  async compare(subject: Subject): Promise<Comparison | undefined> {
    if (subject.kind === "completions") {
      const [a, b] = [await this.#find(subject.first), await this.#find(subject.second)];
      return a && b ? this.#comparison(a, [this.#side(a), this.#side(b)], false) : undefined;
    }
    const found = await this.#find(subject.at);
    if (!found) return undefined;
    if (subject.kind === "models") return this.#underModels(found, subject.other);
    const shown = shownOf(found.entry.region, found.index).map((index) => this.#side({ ...found, index }));
    return this.#comparison(found, shown, true);
  }

  async choose({ metric, granularity, goal, threshold }: DisplayChange): Promise<void> {
    await this.preferences.choose({
      ...(metric ? { metric } : {}),
      ...(granularity ? { granularity } : {}),
      ...(goal ? { goalState: goal } : {}),
      ...(threshold === undefined ? {} : { threshold }),
    });
  }

  /** undefined: there is none. */
  async neighbour(
    subject: Subject,
    to: "next" | "previous" | "next-misranked",
  ): Promise<Subject | undefined> {
    const { document, offset } = locatedOf(subject);
    const scored = this.documents.get(document);
    if (!scored) return undefined;
    const order = new RowOrder(scored.rows);
    const { count } = order;
    const at = order.indexAt(offset);
    if (to === "next-misranked") return this.#nextMisranked(scored, order, at);
    const next = to === "next" ? at + 1 : at - 1;
    const row = next >= 0 && next < count ? order.row(next) : undefined;
    return row && { kind: "row", at: { document, offset: row.start } };
  }

  /** Where the cursor of an editor leads the panel; undefined: it stays. */
  follow(subject: Subject | undefined, { document, selection }: vscode.TextEditor): Subject | undefined {
    if (subject?.kind === "completions" || !this.documents.get(document)) return undefined;
    const at = { document, offset: document.offsetAt(selection.active) };
    return subject?.kind === "models" ? { ...subject, at } : { kind: "row", at };
  }

  /** Whether both show the same completions. */
  isSameRow(a: Subject, b: Subject): boolean {
    if (a.kind === "completions" || b.kind === "completions") return a === b;
    const [one, other] = [this.#known(a.at), this.#known(b.at)];
    if (!one || !other || a.at.document !== b.at.document) return false;
    const isPair = a.kind === "row" && shownOf(one.entry.region, 0).length > 1;
    return one.entry.region.start === other.entry.region.start && (isPair || one.index === other.index);
  }

  /** The token under the cursor, as the panel counts sides. */
  tokenAt(subject: Subject): { side: number; token: number | null } | undefined {
    if (subject.kind === "completions") return undefined;
    const found = this.#known(subject.at);
    if (!found) return undefined;
    const side = subject.kind === "row" ? shownOf(found.entry.region, found.index).indexOf(found.index) : 0;
    const token = found.entry.completions[found.index]?.tokenAt(subject.at.offset);
    return side < 0 ? undefined : { side, token: token ?? null };
  }

  /** Where a token of the panel stands in its document; undefined: nowhere. */
  place(subject: Subject, side: number, token: number | null): TokenPlace | undefined {
    const located =
      subject.kind === "completions" ? (side === 0 ? subject.first : subject.second) : subject.at;
    const found = this.#known(located);
    if (!found || token === null) return undefined;
    const index = subject.kind === "row" ? shownOf(found.entry.region, found.index)[side] : found.index;
    const text = index === undefined ? undefined : found.entry.completions[index];
    const shown = text?.tokens[token];
    if (!text || !shown) return undefined;
    const { document } = located;
    return { document, ranges: text.rangesOf(shown).map((range) => rangeIn(document, range)) };
  }

  async #underModels(found: Found, other: string): Promise<Comparison | undefined> {
    const { entry, index } = found;
    const { region } = entry;
    const request = { ...this.model.request(other), rows: [{ ...region.row, row: 0 }], tokens: true };
    const { rows, settings } = await this.engine.client.score(request);
    const [row] = rows;
    if (!row) return undefined;
    if ("problem" in row) throw new InputError(row.place, row.problem);
    const name = modelName(other, this.model.defaultFolder);
    const { rewardQuantiles } = await this.model.inspect(other);
    const theirs = sideOf({
      label: name,
      model: `${name} · ${settings.device}`,
      region,
      row,
      index,
      rewardQuantiles,
    });
    const ours = this.#side(found);
    return this.#comparison(found, [ours && { ...ours, label: this.model.name }, theirs], false);
  }

  #side({ entry, index }: Found): Side | undefined {
    const { region, row } = entry;
    const device = this.documents.settings?.device;
    return sideOf({
      label: labelOf(region, index),
      model: device === undefined ? this.model.name : `${this.model.name} · ${device}`,
      region,
      row,
      index,
      rewardQuantiles: this.reader.rewardQuantiles,
    });
  }

  #comparison(found: Found, shown: readonly (Side | undefined)[], isRow: boolean): Comparison | undefined {
    const sides = shown.filter((side) => side !== undefined);
    if (sides.length === 0 || sides.length < shown.length) return undefined;
    const { entry, scored, index } = found;
    const { region, row } = entry;
    const goals = Object.keys(row.scores[index]?.q ?? {});
    const { metric, granularity, threshold, goal, rewardQuantiles } = this.reader.options(goals);
    const order = new RowOrder(scored.rows);
    const name = basename(scored.document.fileName);
    const at = order.indexAt(region.start);
    const isPair = isRow && sides.length === 2;
    return {
      title: `${name}, row ${at + 1}`,
      prompt: promptText(region.row.completions[index]?.prompt ?? ""),
      sides,
      margin: (isPair ? marginOf(row.scores) : undefined) ?? null,
      goals,
      rewardQuantiles: [...(rewardQuantiles ?? [])],
      display: { metric, granularity, threshold, goal: goal ?? "" },
      position: isRow && order.count > 1 ? { index: at, count: order.count } : null,
    };
  }

  async #nextMisranked(scored: ScoredDocument, order: RowOrder, from: number): Promise<Subject | undefined> {
    const { count } = order;
    for (let passed = 1; passed <= count; passed += step) {
      const rows = Array.from({ length: Math.min(step, count - passed + 1) }, (_, i) =>
        order.row((from + passed + i) % count),
      ).filter((row) => row !== undefined && "row" in row);
      await this.documents.scoreRows(scored, rows);
      for (const row of rows) {
        const entry = scored.entry(row);
        const margin = entry.kind === "scored" ? marginOf(entry.row.scores) : undefined;
        if (margin !== undefined && margin <= 0)
          return { kind: "row", at: { document: scored.document, offset: row.start } };
      }
    }
    return undefined;
  }

  /** The completion at a place, scored now where it is not yet. */
  async #find({ document, offset }: Located): Promise<Found | undefined> {
    const scored = this.documents.get(document) ?? (await this.documents.add(document));
    const entry = scored.at(document.positionAt(offset));
    if (entry?.kind === "waiting") await this.documents.scoreRows(scored, [entry.region]);
    const now = entry?.kind === "waiting" ? scored.entry(entry.region) : entry;
    if (now?.kind === "bad") throw new InputError(basename(document.fileName), `row ${now.region.problem}`);
    if (now?.kind === "failed") throw new InputError(now.region.row.place, now.problem);
    return this.#known({ document, offset });
  }

  /** The completion at a place, where it is scored. */
  #known({ document, offset }: Located): Found | undefined {
    const scored = this.documents.get(document);
    const entry = scored?.at(document.positionAt(offset));
    if (!scored || entry?.kind !== "scored") return undefined;
    const index = entry.completions.findIndex((text) =>
      text
        .rangesOf({ start: 0, end: text.text.length })
        .some(({ start, end }) => start <= offset && offset <= end),
    );
    return { scored, entry, index: Math.max(0, index) };
  }
}

function locatedOf(subject: Subject): Located {
  return subject.kind === "completions" ? subject.first : subject.at;
}
