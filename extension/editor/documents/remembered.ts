/** A cache of values by the text they were made from; it keeps the texts that were used last. */
export class Remembered<T> {
  readonly #made = new Map<string, T>();
  #characters = 0;

  /** @param most characters of all texts together; the newest text is kept even if it is longer */
  constructor(private readonly most: number) {}

  get(text: string, make: () => T): T {
    const known = this.#made.get(text);
    if (known === undefined && !this.#made.has(text)) return this.#add(text, make());
    // A Map iterates in insertion order, so inserting again moves the text to the end.
    this.#made.delete(text);
    this.#made.set(text, known as T);
    return known as T;
  }

  clear(): void {
    this.#made.clear();
    this.#characters = 0;
  }

  #add(text: string, made: T): T {
    this.#made.set(text, made);
    this.#characters += text.length;
    for (const oldest of this.#made.keys()) {
      if (this.#characters <= this.most || oldest === text) break;
      this.#made.delete(oldest);
      this.#characters -= oldest.length;
    }
    return made;
  }
}
