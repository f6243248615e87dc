/** How a part of a large file is addressed as a document of its own. Pure. */
import { basename } from "node:path";

export const partScheme = "reward-inspector-part";

export interface PartAddress {
  /** Of the file. */
  readonly path: string;
  /** From 0. */
  readonly index: number;
  /** Lines of the file in front of the part. */
  readonly line: number;
  /** Of the file as it was shown: a file that is changed has other parts. */
  readonly stamp: string;
}

/** What a vscode.Uri is made of. */
export function addressOf(
  address: PartAddress,
  count: number,
): { readonly scheme: string; readonly path: string; readonly query: string } {
  const name = `${basename(address.path)}, part ${address.index + 1} of ${count}`;
  return { scheme: partScheme, path: `/${name}`, query: JSON.stringify(address) };
}

/** undefined: the document is no part of a file. */
export function readAddress({
  scheme,
  query,
}: {
  readonly scheme: string;
  readonly query: string;
}): PartAddress | undefined {
  return scheme === partScheme ? (JSON.parse(query) as PartAddress) : undefined;
}

/** The file on disk that a document shows, or shows a part of; undefined if there is none. */
export function fileBehind(uri: {
  readonly scheme: string;
  readonly query: string;
  readonly fsPath: string;
}): string | undefined {
  return uri.scheme === "file" ? uri.fsPath : readAddress(uri)?.path;
}
