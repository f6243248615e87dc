/** The scored documents and their scores: connects the editor to the score store and the scheduler. */
import * as vscode from "vscode";
import { isError } from "../../engine/errors";
import { systemClock } from "../../platform/clock";
import type { EngineHost } from "../../platform/engine/engine-host";
import type { ActiveModel } from "../../platform/models/active-model";
import { readSetting, settingName } from "../../platform/settings/settings";
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
import type { TextChange } from "../documents/regions/marks";
import type { OffsetRange, Region } from "../documents/regions/region";
import { DocumentRegistry } from "./document-registry";
import { ScoredDocument } from "./scored-document";
import { visibleRows, waiting, wantsOf } from "./wanted-rows";

/** A failed request, for the message to the user. */
export interface ScoringFailure {
  readonly error: unknown;
  /** Whether the user has just asked for it, and must hear of the failure even if it is not new. */
  readonly isAsked: boolean;
}

export class ScoredDocuments implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ScoredDocument>();
  /** Fires when the text, scores or rows of a document have changed. */
  readonly onDidChange = this.#changed.event;
  readonly #failed = new vscode.EventEmitter<ScoringFailure>();
  readonly onDidFail = this.#failed.event;
  readonly #activity = new vscode.EventEmitter<void>();
  /** Fires when scoring starts or stops. */
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
  /** The current context, kept because settings are slow to read. */
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

  /** Fires when a document is no longer scored. */
  get onDidClose(): vscode.Event<vscode.TextDocument> {
    return this.#registry.onDidRemove;
  }

  /** Settings that the last request used, such as device and goal states; undefined before the first request. */
  get settings(): RunSettings | undefined {
    return this.#settings;
  }

  /** Error of the last request; undefined if it succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether the engine is scoring rows now. */
  get isScoring(): boolean {
    return this.#withEngine > 0;
  }

  get(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#registry.get(document);
  }

  all(): ScoredDocument[] {
    return this.#registry.all();
  }

  /** Starts to score a document. Resolves when its visible rows are scored or have failed. */
  async add(document: vscode.TextDocument): Promise<ScoredDocument> {
    const scored = this.#registry.add(document);
    this.#changed.fire(scored);
    await this.#scoreVisible(scored);
    return scored;
  }

  /** Resolves with the rows of any document as they are, or would be, scored. */
  async rowsOf(document: vscode.TextDocument): Promise<DocumentRows> {
    const rows = this.get(document)?.rows ?? this.#newRows(document);
    await this.#template.ask([rows]);
    return rows;
  }

  remove(document: vscode.TextDocument): void {
    this.#registry.remove(document);
  }

  /** Marks completions by hand, or removes the marks if `ranges` is undefined. */
  mark(scored: ScoredDocument, ranges: readonly OffsetRange[] | undefined): Promise<void> {
    scored.rows.mark(ranges);
    this.#changed.fire(scored);
    return this.#scoreVisible(scored);
  }

  /** Scores rows of a document, whether or not they are visible. Rejects with the engine's error. */
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

  /** Checks the model's files even if all rows have scores, because the user asked for it. */
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
    // A chat is read differently for a model with a chat template, so the model is asked first.
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

  #edited(document: vscode.TextDocument, changes: readonly TextChange[]): void {
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

  /** Handles another model, other settings of it, or files that may have changed, which the engine checks. */
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
