/** Choices that the user makes in the page, shown at once and sent to the host, which owns them. Pure. */

interface Pending<T> {
  readonly sequence: number;
  readonly choice: Partial<T>;
}

export class Choices<T extends object> {
  #sequence = 0;
  #pending: readonly Pending<T>[] = [];

  /** @returns its sequence number */
  choose(choice: Partial<T>): number {
    this.#sequence++;
    this.#pending = [...this.#pending, { sequence: this.#sequence, choice }];
    return this.#sequence;
  }

  /** The host's state includes the choices up to this one. */
  taken(sequence: number): void {
    this.#pending = this.#pending.filter((pending) => pending.sequence > sequence);
  }

  /** What is shown: the host's values, and over them the choices that it has not taken in yet. */
  over(values: T): T {
    return Object.assign({}, values, ...this.#pending.map(({ choice }) => choice));
  }
}
