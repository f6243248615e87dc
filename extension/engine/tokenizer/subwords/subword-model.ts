/** The interface of subword models, which split a word into tokens of their vocabulary. */

/** A token of a word; `start` and `end` are offsets in UTF-16 units of that word. */
export interface WordToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface SubwordModel {
  /** Ids of the model's own vocabulary by token; added tokens are not included. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownToken: string | undefined;
  /** Returns the tokens of a nonempty word, in order. */
  tokenize(word: string): readonly WordToken[];
}
