/** The user's choices in the page: shown immediately, and sent to the host, which owns them. Pure. */

interface Pending<T> {
  readonly sequence: number;
  readonly choice: Partial<T>;
}

export class Choices<T extends object> {
  #sequence = 0;
  #pending: readonly Pending<T>[] = [];

  /** @returns the sequence number of the choice */
  choose(choice: Partial<T>): number {
    this.#sequence++;
    this.#pending = [...this.#pending, { sequence: this.#sequence, choice }];
    return this.#sequence;
  }

  /** Drops the choices up to `sequence`, which the host's state now includes. */
  taken(sequence: number): void {
    this.#pending = this.#pending.filter((pending) => pending.sequence > sequence);
  }

  /** The values to show: the host's, overridden by the choices that it has not applied yet. */
  over(values: T): T {
    return Object.assign({}, values, ...this.#pending.map(({ choice }) => choice));
  }
}
