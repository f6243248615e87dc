/** Files whose rows are scored by a rule of the test, in the place of the engine. */
import type * as vscode from "vscode";
import { Uri } from "vscode";
import type { ListedToken } from "../../extension/display/token-list";
import { DocumentRows } from "../../extension/editor/documents/document-rows";
import type { Region } from "../../extension/editor/documents/regions/region";
import { ScoredDocument } from "../../extension/editor/scores/scored-document";
import type { ScoredCompletion } from "../../extension/protocol/scores";
import type { RunSettings } from "../../extension/protocol/scoring";
import type { Outcome } from "../../extension/scores/outcome";
import { columnsOf } from "./columns";
import { scored } from "./scores";
import { fake } from "./vscode-fake";
import type { FakeEditor } from "./vscode-fake/document";
import { EventEmitter } from "./vscode-fake/values";

/** The reward of a completion, and the Q-value of each of its words; more: other than usual. */
export interface Rule {
  readonly reward: number;
  readonly q?: (word: string) => number;
  readonly more?: Partial<ScoredCompletion>;
}

/** Scores the numbers of a text: `good 3` has the reward 3. A word that begins with `low` has a low Q. */
export function byNumber(text: string): Rule {
  return { reward: Number(/-?\d+/.exec(text)?.[0] ?? 0), q: (word) => (/^ ?low/.test(word) ? -0.5 : 0.5) };
}

export class ScoredFiles {
  readonly changed = new EventEmitter<ScoredDocument>();
  readonly activity = new EventEmitter<void>();
  readonly closed = new EventEmitter<vscode.TextDocument>();
  readonly onDidChange = this.changed.event;
  readonly onDidChangeActivity = this.activity.event;
  readonly onDidClose = this.closed.event;
  settings: RunSettings | undefined;
  isScoring = false;
  failure: unknown;
  /** A request may also be done before it hears that it is given up. */
  heedsSignals = true;
  /** Rows of each request, counted from 0. */
  readonly asked: number[][] = [];
  /** What a request waits for. */
  gate: (signal: AbortSignal | undefined) => Promise<void> = async () => undefined;
  readonly #documents = new Map<vscode.TextDocument, ScoredDocument>();
  readonly #outcomes = new Map<string, Outcome>();

  constructor(public rule: (text: string) => Rule = byNumber) {}

  get(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#documents.get(document);
  }

  async add(document: vscode.TextDocument): Promise<ScoredDocument> {
    const known = this.#documents.get(document);
    if (known) return known;
    const made = new ScoredDocument(new DocumentRows(document), ({ key }) => this.#outcomes.get(key));
    this.#documents.set(document, made);
    this.changed.fire(made);
    return made;
  }

  async scoreRows(file: ScoredDocument, regions: readonly Region[], signal?: AbortSignal): Promise<void> {
    const open = regions.filter(({ key }) => !this.#outcomes.has(key));
    if (open.length === 0) return;
    this.asked.push(open.map(({ row }) => row.row));
    await this.gate(signal);
    if (this.heedsSignals) signal?.throwIfAborted();
    for (const region of open) this.#outcomes.set(region.key, this.#outcome(region));
    this.changed.fire(file);
  }

  /** Forgets scores: what is asked again is scored by the rule of now. */
  forget(): void {
    this.#outcomes.clear();
  }

  #outcome({ row }: Region): Outcome {
    const texts = row.completions.map(({ completion }) => String(completion));
    const scores = row.completions.map(({ role }, i) => {
      const { reward, q = () => 0.5, more } = this.rule(texts[i] ?? "");
      const tokens = wordsOf(texts[i] ?? "").map((token) => ({
        ...token,
        q: { good: q(token.text) },
        partialReward: reward,
      }));
      const values = tokens.map((token) => token.q.good);
      const last = values.at(-1) ?? 0;
      const summary = { good: { min: Math.min(...values), mean: last, last } };
      const tokenScores = columnsOf(tokens, texts[i] ?? "");
      return scored({ row: row.row, role, reward, tokenScores, q: summary, tokens: values.length, ...more });
    });
    return {
      kind: "scored",
      row: { row: row.row, place: row.place, scores, texts },
    };
  }
}

function wordsOf(text: string): Pick<ListedToken, "id" | "text" | "start" | "end">[] {
  return [...text.matchAll(/ ?[^ ]+/g)].map(({ 0: word, index }) => ({
    id: word.length,
    text: word,
    start: index,
    end: index + word.length,
  }));
}

/** Pairs of JSON Lines, `[chosen, rejected]` each. */
export function pairsText(...pairs: readonly (readonly [chosen: string, rejected: string])[]): string {
  return pairs.map(([chosen, rejected]) => JSON.stringify({ prompt: "Q", chosen, rejected })).join("\n");
}

/** Opens a file in the fake editor. */
export function openFile(name: string, text: string): FakeEditor {
  return fake.open(Uri.file(`/data/${name}`) as never, text, name.endsWith(".jsonl") ? "jsonl" : "plaintext");
}

/** The fake as VS Code's type has it. */
export function asDocument({ document }: FakeEditor): vscode.TextDocument {
  return document as unknown as vscode.TextDocument;
}

export function asEditor(editor: FakeEditor): vscode.TextEditor {
  return editor as unknown as vscode.TextEditor;
}
