/** The documents that are scored: what is visible first, after an edit what changed, the rest when there is time. */
import * as vscode from "vscode";
import { isError } from "../../engine/errors";
import type { ActiveModel } from "../../platform/active-model";
import type { EngineHost } from "../../platform/engine-host";
import { readSetting, settingName } from "../../platform/settings";
import type { DatasetRow } from "../../protocol/datasets";
import type { RunSettings } from "../../protocol/scoring";
import { DocumentRows } from "../documents/document-rows";
import { ModelTemplate } from "../documents/model-template";
import { fieldChoice } from "../documents/regions/field-choice";
import type { Change } from "../documents/regions/marks";
import type { OffsetRange, Region } from "../documents/regions/region";
import { requestsOf } from "./row-requests";
import { type Outcome, ScoreCache } from "./score-cache";
import { ScoredDocument } from "./scored-document";

/** Lines around what is visible that are scored too. */
const margin = 30;
/** Milliseconds that scrolling may rest before its rows are scored. */
const scrollDelay = 60;

/** What went wrong with a whole request, as the user is told. */
export interface ScoringFailure {
  readonly document: vscode.TextDocument;
  readonly error: unknown;
  /** The user asked for it just now, and must hear of it though it may be no news. */
  readonly isAsked: boolean;
}

export class ScoredDocuments implements vscode.Disposable {
  readonly #documents = new Map<vscode.TextDocument, ScoredDocument>();
  readonly #cache = new ScoreCache();
  readonly #changed = new vscode.EventEmitter<ScoredDocument>();
  /** Text, scores or rows of a document have changed. */
  readonly onDidChange = this.#changed.event;
  readonly #closed = new vscode.EventEmitter<vscode.TextDocument>();
  /** A document is scored no more. */
  readonly onDidClose = this.#closed.event;
  readonly #failed = new vscode.EventEmitter<ScoringFailure>();
  readonly onDidFail = this.#failed.event;
  readonly #activity = new vscode.EventEmitter<void>();
  /** Scoring has begun or come to rest. */
  readonly onDidChangeActivity = this.#activity.event;
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  /** Of the last edit, in milliseconds of `performance.now`. */
  #pauseEnd = 0;
  #running: AbortController | undefined;
  /** The engine dies over what is asked: it is left alone until the user runs, edits, or changes the model. */
  #isGivenUp = false;
  /** A command waits for what is scored next. */
  #isAsked = false;
  #settings: RunSettings | undefined;
  #failure: unknown;
  #requests = 0;
  #keyStart: string | undefined;
  readonly #template: ModelTemplate;
  #fields = fieldChoice(readSetting("fields"));

  constructor(
    private readonly engine: EngineHost,
    private readonly model: ActiveModel,
  ) {
    this.#template = new ModelTemplate(model);
    this.#listeners = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#edited(document, contentChanges);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.remove(document)),
      vscode.window.onDidChangeTextEditorVisibleRanges(() => this.#scrolled()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#scrolled()),
      model.onDidChange(() => this.#startOver()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("fields")) this.#readRowsAgain();
      }),
    ];
  }

  /** What the last request settled on: device, goal states; undefined before the first. */
  get settings(): RunSettings | undefined {
    return this.#settings;
  }

  /** Why the last request failed as a whole; undefined if it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Rows are with the engine now. */
  get isScoring(): boolean {
    return this.#requests > 0;
  }

  get(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#documents.get(document);
  }

  all(): ScoredDocument[] {
    return [...this.#documents.values()];
  }

  /** Begins to score a document, and resolves when what is visible of it is scored. */
  async add(document: vscode.TextDocument): Promise<ScoredDocument> {
    const known = this.#documents.get(document);
    const scored = known ?? new ScoredDocument(this.#newRows(document), (region) => this.#outcome(region));
    this.#documents.set(document, scored);
    this.#changed.fire(scored);
    this.#isAsked = true;
    await this.score();
    return scored;
  }

  /** The rows of any document as they are, or would be, scored. */
  async rowsOf(document: vscode.TextDocument): Promise<DocumentRows> {
    const rows = this.#documents.get(document)?.rows ?? this.#newRows(document);
    await this.#template.ask([rows]);
    return rows;
  }

  remove(document: vscode.TextDocument): void {
    if (!this.#documents.delete(document)) return;
    this.#closed.fire(document);
  }

  /** Marks completions by hand; undefined: they are found again. */
  mark(scored: ScoredDocument, ranges: readonly OffsetRange[] | undefined): Promise<void> {
    scored.rows.mark(ranges);
    this.#changed.fire(scored);
    return this.score();
  }

  /** Scores what is visible and not scored yet; a request under way for older text is given up. */
  score(): Promise<void> {
    this.#isGivenUp = false;
    clearTimeout(this.#timer);
    this.#running?.abort(new vscode.CancellationError());
    const running = new AbortController();
    this.#running = running;
    return this.#work(running.signal).catch((error: unknown) => {
      if (!running.signal.aborted) throw error;
    });
  }

  /** Scores these rows of a document, also those that are not visible. Rejects with what the engine says. */
  async scoreRows(scored: ScoredDocument, regions: readonly Region[], signal?: AbortSignal): Promise<void> {
    const open = regions.filter((region) => !this.#outcome(region));
    if (open.length === 0) return;
    this.#count(1);
    try {
      for (const rows of requestsOf(open)) await this.#ask(scored, rows, signal);
    } finally {
      this.#count(-1);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#running?.abort(new vscode.CancellationError());
    for (const listener of this.#listeners) listener.dispose();
    for (const emitter of [this.#changed, this.#closed, this.#failed, this.#activity]) emitter.dispose();
  }

  async #work(signal: AbortSignal): Promise<void> {
    await this.#template.ask(this.all().map(({ rows }) => rows));
    if (signal.aborted) return;
    for (const { scored, from, to } of this.#visible()) {
      const regions = scored.rows.between(from, to).filter((region) => "row" in region);
      try {
        await this.scoreRows(scored, regions, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#isGivenUp = isError(error, "engine-crashed");
        this.#failure = error;
        this.#changed.fire(scored);
        this.#failed.fire({ document: scored.document, error, isAsked: this.#isAsked });
        break;
      }
    }
    this.#isAsked = false;
  }

  /** Lines on screen before those around them. */
  #visible(): { scored: ScoredDocument; from: number; to: number }[] {
    const seen = vscode.window.visibleTextEditors.flatMap(({ document, visibleRanges }) => {
      const scored = this.#documents.get(document);
      return scored
        ? visibleRanges.map(({ start, end }) => ({ scored, from: start.line, to: end.line }))
        : [];
    });
    const around = seen.map(({ scored, from, to }) => ({ scored, from: from - margin, to: to + margin }));
    return [...seen, ...around];
  }

  async #ask(scored: ScoredDocument, regions: readonly Region[], signal?: AbortSignal): Promise<void> {
    const key = this.#key;
    const rows = regions.map(({ row }, i): DatasetRow => ({ ...row, row: i }));
    const request = { ...this.model.request(), rows, tokens: true, reuse: true };
    const answer = await this.engine.client.score(request, signal);
    if (key !== this.#key) return;
    this.#settings = answer.settings;
    this.#failure = undefined;
    for (const row of answer.rows) {
      const region = regions[row.row];
      if (!region) continue;
      this.#cache.set(
        key + region.key,
        "problem" in row
          ? { kind: "failed", problem: row.problem }
          : { kind: "scored", row: { ...row, row: region.row.row } },
      );
    }
    this.#changed.fire(scored);
  }

  #outcome(region: Region): Outcome | undefined {
    return this.#cache.get(this.#key + region.key);
  }

  /** Scores of another model, or of the same one run otherwise, are other scores. Settings are slow to read. */
  get #key(): string {
    const settings = ["device", "maxLength", "chat"] as const;
    this.#keyStart ??= [this.model.model, ...settings.map((name) => readSetting(name)), ""].join("\n");
    return this.#keyStart;
  }

  #count(change: 1 | -1): void {
    const before = this.isScoring;
    this.#requests += change;
    if (this.isScoring !== before) this.#activity.fire();
  }

  #newRows(document: vscode.TextDocument): DocumentRows {
    return new DocumentRows(
      document,
      () => this.#template.isThere,
      () => this.#fields,
    );
  }

  #edited(document: vscode.TextDocument, changes: readonly Change[]): void {
    const scored = this.#documents.get(document);
    if (!scored) return;
    scored.rows.edited(changes);
    this.#running?.abort(new vscode.CancellationError());
    this.#changed.fire(scored);
    const delay = readSetting("liveDelay");
    this.#pauseEnd = performance.now() + delay;
    this.#schedule(delay);
  }

  /** Editing the last line in sight is a scroll too, as VS Code tells it: the pause after an edit is kept. */
  #scrolled(): void {
    if (!this.#isGivenUp) this.#schedule(Math.max(scrollDelay, this.#pauseEnd - performance.now()));
  }

  #schedule(delay: number): void {
    if (this.#documents.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.score(), delay);
  }

  #readRowsAgain(): void {
    this.#fields = fieldChoice(readSetting("fields"));
    for (const scored of this.#documents.values()) this.#changed.fire(scored);
    this.#schedule(0);
  }

  #startOver(): void {
    this.#keyStart = undefined;
    this.#failure = undefined;
    this.#template.forget();
    this.#cache.clear();
    for (const scored of this.#documents.values()) this.#changed.fire(scored);
    this.#schedule(0);
  }
}
