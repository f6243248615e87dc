/** What a subword model does: a word goes in, tokens of its vocabulary come out. */

/** A token of a word: start and end are UTF-16 units of that word. */
export interface WordToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface SubwordModel {
  /** Vocabulary of the model itself, by token. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownToken: string | undefined;
  /** Tokens of a word that is not empty, in order. */
  tokenize(word: string): readonly WordToken[];
}
