/** Finds the completions for the compare panel in their files, and scores those that are not scored yet. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { fileBehind } from "../../editor/documents/part-address";
import { rangeIn, type ScoredDocument, type ScoredEntry } from "../../editor/scores/scored-document";
import type { ScoredDocuments } from "../../editor/scores/scored-documents";
import { InputError } from "../../engine/errors";
import { completionAt, shownOf } from "./comparison";
import type { Located, Subject } from "./subject";
import type { TokenPlace } from "./token-pointer";

/** A completion that has been found and scored. */
export interface Found {
  readonly scored: ScoredDocument;
  readonly entry: ScoredEntry;
  /** Index of the completion in its row, from 0. */
  readonly index: number;
}

export class CompletionFinder {
  constructor(private readonly documents: Pick<ScoredDocuments, "get" | "add" | "scoreRows">) {}

  /** Scores a file from now on, and reopens it if it was closed. Rejects with InputError if it cannot be opened. */
  async scored(uri: string): Promise<ScoredDocument> {
    const document = openDocument(uri) ?? (await reopened(uri));
    return this.documents.get(document) ?? (await this.documents.add(document));
  }

  /** The completion at a place, scored first if necessary; undefined if there is none. */
  async find({ uri, offset }: Located, signal?: AbortSignal): Promise<Found | undefined> {
    const scored = await this.scored(uri);
    const entry = scored.at(scored.document.positionAt(offset));
    if (entry?.kind === "waiting") await this.documents.scoreRows(scored, [entry.region], signal);
    const now = entry?.kind === "waiting" ? scored.entry(entry.region) : entry;
    if (now?.kind === "bad")
      throw new InputError(basename(scored.document.fileName), `row ${now.region.problem}`);
    if (now?.kind === "failed") throw new InputError(now.region.row.place, now.problem);
    return this.#known({ uri, offset });
  }

  /** Whether two subjects show the same completions. */
  isSame(a: Subject, b: Subject): boolean {
    if (a.kind === "completions" || b.kind === "completions") return a === b;
    const [one, other] = [this.#known(a.at), this.#known(b.at)];
    if (!one || !other || a.at.uri !== b.at.uri) return false;
    const isPair = a.kind === "row" && shownOf(one.entry.region, 0).length > 1;
    return one.entry.region.start === other.entry.region.start && (isPair || one.index === other.index);
  }

  /** Side of the panel and index of the token at a subject's place; undefined if it is not in the panel. */
  tokenAt(subject: Subject): { side: number; token: number | null } | undefined {
    if (subject.kind === "completions") return undefined;
    const found = this.#known(subject.at);
    if (!found) return undefined;
    const side = subject.kind === "row" ? shownOf(found.entry.region, found.index).indexOf(found.index) : 0;
    const token = found.entry.completions[found.index]?.tokenAt(subject.at.offset);
    return side < 0 ? undefined : { side, token: token ?? null };
  }

  /** Place of a panel's token in its document; undefined if it has none or the file is closed. */
  place(subject: Subject, side: number, token: number | null): TokenPlace | undefined {
    const found = this.#known(locatedOf(subject, side));
    if (!found || token === null) return undefined;
    const index = subject.kind === "row" ? shownOf(found.entry.region, found.index)[side] : found.index;
    const text = index === undefined ? undefined : found.entry.completions[index];
    const shown = text?.token(token);
    if (!text || !shown) return undefined;
    const { document } = found.scored;
    return { document, ranges: text.rangesOf(shown).map((range) => rangeIn(document, range)) };
  }

  /** The completion at a place; undefined if it is not scored. */
  #known({ uri, offset }: Located): Found | undefined {
    const document = openDocument(uri);
    const scored = document && this.documents.get(document);
    const entry = scored?.at(scored.document.positionAt(offset));
    if (!scored || entry?.kind !== "scored") return undefined;
    return { scored, entry, index: completionAt(entry.region, offset) };
  }
}

/** @param side side of the panel; only a comparison of any two completions has two places */
export function locatedOf(subject: Subject, side = 0): Located {
  if (subject.kind !== "completions") return subject.at;
  return side === 0 ? subject.first : subject.second;
}

/** Paths of the files that contain the completions. */
export function filesOf(subject: Subject): string[] {
  const files = [0, 1].map((side) => fileBehind(vscode.Uri.parse(locatedOf(subject, side).uri)));
  return files.filter((file) => file !== undefined);
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

async function reopened(text: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.parse(text);
  // VS Code would create a new, empty document.
  if (uri.scheme === "untitled") throw new InputError(uri.path, "was closed without being saved");
  return vscode.workspace.openTextDocument(uri).then(undefined, () => {
    throw new InputError(basename(uri.path), "can no longer be opened; was it moved or deleted?");
  });
}
