/** What was made of a text, for as long as there is room: the texts that were used last are kept. */
export class Remembered<T> {
  readonly #made = new Map<string, T>();
  #characters = 0;

  /** @param most characters of all texts together; the newest is kept, however long it is */
  constructor(private readonly most: number) {}

  get(text: string, make: () => T): T {
    const known = this.#made.get(text);
    if (known === undefined && !this.#made.has(text)) return this.#add(text, make());
    // Maps keep their order: what is used moves to the end.
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
