/** The documents that are scored, and their scores: the score store and the scheduler as the editor has them. */
import * as vscode from "vscode";
import { isError } from "../../engine/errors";
import type { ActiveModel } from "../../platform/active-model";
import { systemClock } from "../../platform/clock";
import type { EngineHost } from "../../platform/engine-host";
import { readSetting, settingName } from "../../platform/settings";
import type { DatasetRow } from "../../protocol/datasets";
import type { RunSettings, ScoreResult } from "../../protocol/scoring";
import { batchesOf } from "../../scores/batches-of-rows";
import { FailurePolicy } from "../../scores/failure-policy";
import { requestKey } from "../../scores/request-key";
import { Scheduler, type Wants } from "../../scores/scheduler";
import { type Answer, type KeyedRow, type ScoreContext, ScoreRequests } from "../../scores/score-requests";
import { ScoreStore } from "../../scores/score-store";
import { DocumentRows } from "../documents/document-rows";
import { ModelTemplate } from "../documents/model-template";
import { fieldChoice } from "../documents/regions/field-choice";
import type { Change } from "../documents/regions/marks";
import type { OffsetRange, Region } from "../documents/regions/region";
import { DocumentRegistry } from "./document-registry";
import { ScoredDocument } from "./scored-document";
import { visibleRows, waiting, wantsOf } from "./wanted-rows";

/** What went wrong with a request, as the user is told. */
export interface ScoringFailure {
  readonly error: unknown;
  /** The user asked for it just now, and must hear of it even if it is no news. */
  readonly isAsked: boolean;
}

export class ScoredDocuments implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ScoredDocument>();
  /** Text, scores or rows of a document have changed. */
  readonly onDidChange = this.#changed.event;
  readonly #failed = new vscode.EventEmitter<ScoringFailure>();
  readonly onDidFail = this.#failed.event;
  readonly #activity = new vscode.EventEmitter<void>();
  /** Scoring has begun or come to rest. */
  readonly onDidChangeActivity = this.#activity.event;
  readonly #store = new ScoreStore();
  readonly #requests = new ScoreRequests(this.#store, (answer) => this.#answered(answer));
  readonly #failures = new FailurePolicy({
    isFatal: (error) => isError(error, "engine-crashed"),
    tell: (error, isAsked) => {
      this.#failure = error;
      for (const scored of this.all()) this.#changed.fire(scored);
      this.#failed.fire({ error, isAsked });
    },
  });
  readonly #scheduler = new Scheduler({
    clock: systemClock,
    failures: this.#failures,
    wants: () => this.#wants(),
    score: (rows, signal) => this.#requests.score(this.#context, rows, signal),
  });
  readonly #registry: DocumentRegistry;
  readonly #template: ModelTemplate;
  readonly #listeners: readonly vscode.Disposable[];
  #settings: RunSettings | undefined;
  #failure: unknown;
  #fields = fieldChoice(readSetting("fields"));
  #withEngine = 0;
  /** Settings are slow to read. */
  #known: ScoreContext | undefined;

  constructor(
    private readonly engine: EngineHost,
    private readonly model: ActiveModel,
  ) {
    this.#template = new ModelTemplate(model);
    this.#registry = new DocumentRegistry(
      systemClock,
      (document) => new ScoredDocument(this.#newRows(document), (region) => this.#outcome(region)),
    );
    this.#listeners = [
      this.#registry.onDidAdopt((scored) => {
        this.#changed.fire(scored);
        this.#scheduler.outdated();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#edited(document, contentChanges);
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (this.get(textEditor.document)) this.#scheduler.scrolled();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        if (this.#registry.size > 0) this.#scheduler.scrolled();
      }),
      model.onDidChange(() => this.#startOver()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("fields")) this.#readRowsAgain();
      }),
    ];
  }

  /** A document is scored no more. */
  get onDidClose(): vscode.Event<vscode.TextDocument> {
    return this.#registry.onDidRemove;
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
    return this.#withEngine > 0;
  }

  get(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#registry.get(document);
  }

  all(): ScoredDocument[] {
    return this.#registry.all();
  }

  /** Begins to score a document. Resolves when what is visible of it is scored, or has failed. */
  async add(document: vscode.TextDocument): Promise<ScoredDocument> {
    const scored = this.#registry.add(document);
    this.#changed.fire(scored);
    await this.#scoreVisible(scored);
    return scored;
  }

  /** The rows of any document as they are, or would be, scored. */
  async rowsOf(document: vscode.TextDocument): Promise<DocumentRows> {
    const rows = this.get(document)?.rows ?? this.#newRows(document);
    await this.#template.ask([rows]);
    return rows;
  }

  remove(document: vscode.TextDocument): void {
    this.#registry.remove(document);
  }

  /** Marks completions by hand; undefined: they are found again. */
  mark(scored: ScoredDocument, ranges: readonly OffsetRange[] | undefined): Promise<void> {
    scored.rows.mark(ranges);
    this.#changed.fire(scored);
    return this.#scoreVisible(scored);
  }

  /** Scores these rows of a document, also those that are not visible. Rejects with what the engine says. */
  async scoreRows(scored: ScoredDocument, regions: readonly Region[], signal?: AbortSignal): Promise<void> {
    for (const rows of batchesOf(waiting(scored, regions)))
      await this.#requests.score(this.#context, rows, signal);
  }

  dispose(): void {
    this.#scheduler.dispose();
    this.#registry.dispose();
    for (const listener of this.#listeners) listener.dispose();
    for (const emitter of [this.#changed, this.#failed, this.#activity]) emitter.dispose();
  }

  /** The user asked for it, so that the model's files are looked at even if all rows have scores. */
  #scoreVisible(scored: ScoredDocument): Promise<void> {
    const signal = this.#registry.signalOf(scored);
    return this.#failures.asked(async () => {
      await this.#template.ask([scored.rows]);
      if (this.#store.fingerprint(this.#context.key) !== undefined)
        await this.#requests.check(this.#context, signal);
      const scoring = this.#scoreInTurn(visibleRows(scored), signal);
      this.#scheduler.acted();
      await scoring;
    }, signal);
  }

  async #scoreInTurn(rows: readonly KeyedRow[], signal: AbortSignal): Promise<void> {
    for (const batch of batchesOf(rows)) await this.#requests.score(this.#context, batch, signal);
  }

  #wants(): Wants {
    // How a chat is read depends on the model, which is asked first.
    const chats = this.all().filter(({ rows }) => rows.kind === "markdown-chat");
    if (this.#template.isKnown || chats.length === 0) return wantsOf((document) => this.get(document));
    void this.#template.ask(chats.map(({ rows }) => rows)).then(() => {
      for (const scored of chats) this.#changed.fire(scored);
      this.#scheduler.outdated();
    });
    return wantsOf((document) =>
      this.all().find((each) => each.document === document && !chats.includes(each)),
    );
  }

  get #context(): ScoreContext {
    if (this.#known) return this.#known;
    const request = this.model.request();
    const ask = (rows: readonly DatasetRow[], signal: AbortSignal): Promise<ScoreResult> =>
      this.#counted(this.engine.client.score({ ...request, rows, tokens: true, reuse: true }, signal));
    this.#known = { key: requestKey(request), ask };
    return this.#known;
  }

  async #counted<T>(work: Promise<T>): Promise<T> {
    if (this.#withEngine++ === 0) this.#activity.fire();
    try {
      return await work;
    } finally {
      if (--this.#withEngine === 0) this.#activity.fire();
    }
  }

  #answered({ context, settings, isOtherModel }: Answer): void {
    if (context !== this.#context.key) return;
    this.#settings = settings;
    this.#failure = undefined;
    for (const scored of this.all()) this.#changed.fire(scored);
    if (isOtherModel) this.#scheduler.outdated();
  }

  #outcome(region: Region): ReturnType<ScoreStore["get"]> {
    return this.#store.get(this.#context.key, region.key);
  }

  #newRows(document: vscode.TextDocument): DocumentRows {
    return new DocumentRows(
      document,
      () => this.#template.isThere,
      () => this.#fields,
    );
  }

  #edited(document: vscode.TextDocument, changes: readonly Change[]): void {
    const scored = this.get(document);
    if (!scored) return;
    scored.rows.edited(changes);
    this.#changed.fire(scored);
    this.#scheduler.edited(readSetting("liveDelay"));
  }

  #readRowsAgain(): void {
    this.#fields = fieldChoice(readSetting("fields"));
    for (const scored of this.all()) this.#changed.fire(scored);
    this.#scheduler.outdated();
  }

  /** Another model, or another way to run it; or its files may have changed, which the engine is asked about. */
  #startOver(): void {
    this.#known = undefined;
    this.#failure = undefined;
    this.#template.forget();
    for (const scored of this.all()) this.#changed.fire(scored);
    if (this.#registry.size === 0) return;
    this.#scheduler.acted();
    const context = this.#context;
    if (this.#store.fingerprint(context.key) === undefined) return;
    this.#requests.check(context).catch((error: unknown) => this.#failures.failed(error));
  }
}
