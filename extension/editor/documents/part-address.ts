/** The address of a part of a large file, which is a document of its own. Pure. */
import { basename } from "node:path";

export const partScheme = "reward-inspector-part";

export interface PartAddress {
  /** Path of the file. */
  readonly path: string;
  /** 0-based index of the part. */
  readonly index: number;
  /** Number of lines before the part. */
  readonly line: number;
  /** Stamp of the file when the part was shown: a changed file has other parts. */
  readonly stamp: string;
}

/** Returns the components of a vscode.Uri. */
export function addressOf(
  address: PartAddress,
  count: number,
): { readonly scheme: string; readonly path: string; readonly query: string } {
  const name = `${basename(address.path)}, part ${address.index + 1} of ${count}`;
  return { scheme: partScheme, path: `/${name}`, query: JSON.stringify(address) };
}

/** Returns undefined if the document is not a part of a file. */
export function readAddress({
  scheme,
  query,
}: {
  readonly scheme: string;
  readonly query: string;
}): PartAddress | undefined {
  return scheme === partScheme ? (JSON.parse(query) as PartAddress) : undefined;
}

/** Returns the file on disk that a document shows, in whole or in part; undefined if there is none. */
export function fileBehind(uri: {
  readonly scheme: string;
  readonly query: string;
  readonly fsPath: string;
}): string | undefined {
  return uri.scheme === "file" ? uri.fsPath : readAddress(uri)?.path;
}
