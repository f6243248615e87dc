/** Shows files over 50 MB, which VS Code does not pass to extensions, in parts that are read-only documents. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { count } from "../../display/wording";
import { InputError } from "../../engine/errors";
import { countLines, type FilePart, readPart } from "./file-parts";
import { addressOf, type PartAddress, partScheme, readAddress } from "./part-address";

/** An offset with a known number of lines before it. */
interface KnownLine {
  readonly start: number;
  readonly line: number;
}

export class LargeFiles implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(partScheme, this);
  /** Known line counts, by stamp and path of the file. */
  readonly #lines = new Map<string, KnownLine[]>();

  /** Throws InputError if the file has changed since the part was shown. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { path, index, stamp } = placeOf(uri);
    const part = await readPart(path, index);
    if (part.stamp !== stamp)
      throw new InputError(basename(path), "has changed since this part was shown; run Open in Parts again");
    return part.text ?? "";
  }

  /** Shows the first part. Throws InputError if the file cannot be read. */
  async open(file: vscode.Uri): Promise<void> {
    const path = readAddress(file)?.path ?? pathOf(file);
    await this.#showFrom(path, 0, 1);
  }

  /** Shows the next or previous part, or says that there is none. */
  async turn(shown: vscode.Uri, by: 1 | -1): Promise<void> {
    const { path, index, stamp } = placeOf(shown);
    const now = await readPart(path, 0);
    if (now.stamp !== stamp)
      tell(`${basename(path)} has changed since this part was shown, so it is split into parts again.`);
    const next = by > 0 ? index + 1 : Math.min(index, now.count) - 1;
    if (!(await this.#showFrom(path, next, by))) tell(`this is the ${by > 0 ? "last" : "first"} part.`);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** Shows the first part with text in this direction. Resolves with false if there is none. */
  async #showFrom(path: string, first: number, by: 1 | -1): Promise<boolean> {
    for (let index = first; index >= 0; index += by) {
      const part = await readPart(path, index);
      if (index >= part.count) return false;
      if (part.text === undefined) tell(tooLong(path, part));
      else if (part.text !== "" || part.count === 1) {
        await this.#show(path, part);
        return true;
      }
    }
    return false;
  }

  async #show(path: string, { index, count, start, stamp }: FilePart): Promise<void> {
    const line = await this.#lineAt(path, stamp, start);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from(addressOf({ path, index, line, stamp }, count)),
    );
    const lines = await vscode.languages.setTextDocumentLanguage(document, "jsonl").then(
      (set) => set,
      () => document,
    );
    await vscode.window.showTextDocument(lines, { preview: false });
  }

  /** Counts from the nearest known line before, so that paging stays fast at the end of a huge file. */
  async #lineAt(path: string, stamp: string, start: number): Promise<number> {
    const key = `${stamp} ${path}`;
    const known = this.#lines.get(key) ?? [{ start: 0, line: 0 }];
    const nearest = known.reduce((best, one) => (one.start <= start && one.start > best.start ? one : best));
    const line = nearest.line + (await countLines(path, nearest.start, start));
    this.#lines.set(key, [...known, { start, line }]);
    return line;
  }
}

/** Throws if the document is not a part of a file. */
function placeOf(uri: vscode.Uri): PartAddress {
  const place = readAddress(uri);
  if (!place) throw new Error("works only on a part of a large file; run Open in Parts first");
  return place;
}

function pathOf(file: vscode.Uri): string {
  if (file.scheme !== "file")
    throw new InputError(basename(file.path), "is not a file on disk; save it, then run Open in Parts");
  return file.fsPath;
}

function tooLong(path: string, { index, bytes }: FilePart): string {
  const megabytes = count(Math.round(bytes / 1e6), "megabyte");
  return `part ${index + 1} of ${basename(path)} is a line of ${megabytes}, too long for an editor; it is skipped.`;
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(`Reward Inspector: ${text}`);
}
