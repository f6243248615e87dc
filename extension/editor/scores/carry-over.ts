/** Keeps documents scored when VS Code reopens them as other objects, after a rename or a change of language. Pure. */

/** Milliseconds for which a closed document is remembered. */
const memory = 5000;

interface Rename {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** S is the state kept for a document. Addresses are URIs as text. */
export class CarryOver<S> {
  readonly #closed = new Map<string, { readonly state: S; readonly at: number }>();
  #renames: Rename[] = [];

  constructor(private readonly now: () => number) {}

  closed(uri: string, state: S): void {
    this.#forget();
    this.#closed.set(uri, { state, at: this.now() });
  }

  /** Records the rename of a file, or of a folder with everything in it. */
  renamed(from: string, to: string): void {
    this.#forget();
    this.#renames.push({ from, to, at: this.now() });
  }

  /**
   * Returns the state kept for an open document, once; undefined if it was not scored before.
   *
   * @param open looks up a document that is still scored under the address before a rename, as VS Code may open the new
   * document first
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
