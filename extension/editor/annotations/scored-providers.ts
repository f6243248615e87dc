/** Language features for the documents that are scored, not for every file. */
import type * as vscode from "vscode";
import type { ScoredDocuments } from "../scores/scored-documents";

/** Keeps a provider registered for the languages and schemes of the scored documents, as they come and go. */
export class ScoredProviders implements vscode.Disposable {
  readonly #listeners: readonly vscode.Disposable[];
  #registered: readonly string[] = [];
  #registration: vscode.Disposable | undefined;

  constructor(
    private readonly documents: Pick<ScoredDocuments, "all" | "onDidChange" | "onDidClose">,
    private readonly register: (selector: readonly vscode.DocumentFilter[]) => vscode.Disposable,
  ) {
    const update = (): void => this.#update();
    this.#listeners = [documents.onDidChange(update), documents.onDidClose(update)];
    this.#update();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#registration?.dispose();
  }

  #update(): void {
    const filters = new Map(
      this.documents.all().map(({ document: { languageId: language, uri } }) => {
        const { scheme } = uri;
        return [`${scheme} ${language}`, { language, scheme }];
      }),
    );
    const isSame =
      filters.size === this.#registered.length && this.#registered.every((key) => filters.has(key));
    if (isSame) return;
    this.#registered = [...filters.keys()];
    const before = this.#registration;
    this.#registration = filters.size > 0 ? this.register([...filters.values()]) : undefined;
    before?.dispose();
  }
}
