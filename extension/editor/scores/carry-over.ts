/** Documents that are opened again as other objects, after a rename or in another language mode, stay scored. Pure. */

/** Milliseconds that a closed document is remembered. */
const memory = 5000;

interface Rename {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** S: what is kept of a document. Addresses are URIs as text. */
export class CarryOver<S> {
  readonly #closed = new Map<string, { readonly state: S; readonly at: number }>();
  #renames: Rename[] = [];

  constructor(private readonly now: () => number) {}

  closed(uri: string, state: S): void {
    this.#forget();
    this.#closed.set(uri, { state, at: this.now() });
  }

  /** A file was renamed, or a folder with all in it. */
  renamed(from: string, to: string): void {
    this.#forget();
    this.#renames.push({ from, to, at: this.now() });
  }

  /**
   * What is kept for a document that is open, given out once; undefined if it was not scored before.
   * @param open what is scored now, by the address before a rename: VS Code may open the new document first
   */
  take(uri: string, open: (uri: string) => S | undefined): S | undefined {
    this.#forget();
    const addresses = [uri, ...this.#addressesBefore(uri)];
    for (const address of addresses) {
      const found = this.#closed.get(address)?.state ?? (address === uri ? undefined : open(address));
      if (found === undefined) continue;
      this.#closed.delete(address);
      return found;
    }
    return undefined;
  }

  #addressesBefore(uri: string): string[] {
    return this.#renames.flatMap(({ from, to }) => {
      if (uri === to) return [from];
      return uri.startsWith(`${to}/`) ? [from + uri.slice(to.length)] : [];
    });
  }

  #forget(): void {
    const isOld = ({ at }: { readonly at: number }): boolean => this.now() - at > memory;
    for (const [uri, closed] of this.#closed) if (isOld(closed)) this.#closed.delete(uri);
    this.#renames = this.#renames.filter((rename) => !isOld(rename));
  }
}
