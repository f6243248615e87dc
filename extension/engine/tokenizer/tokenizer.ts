/** Converts text to a checkpoint's token ids, each with its exact range in the text. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../errors";
import { Config } from "../model-folder/config";
import { exists } from "../model-folder/folder";
import { Pipeline } from "./pipeline";
import {
  readTokenizerConfig,
  readTokenizerFiles,
  type SpecialToken,
  type TokenizerConfig,
} from "./tokenizer-config";

export interface SpecialTokenOptions {
  /** Adds the tokens that the tokenizer puts around a text, such as its beginning-of-sequence token. */
  readonly addSpecialTokens: boolean;
}

/**
 * Tokens of a text, in order. `starts` and `ends` are offsets in UTF-16 units of the text. Tokens added before or after
 * the text have an empty range at its start or end. Tokens that share a character (byte tokens, a prefixed space) have
 * overlapping ranges.
 */
export interface Encoding {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export class Tokenizer {
  private constructor(
    private readonly pipeline: Pipeline,
    readonly config: TokenizerConfig,
  ) {}

  /** Reads the tokenizer files of a model folder. Throws InputError if one is missing, invalid, or not supported. */
  static async load(folder: string): Promise<Tokenizer> {
    const path = join(folder, "tokenizer.json");
    if (!(await exists(path))) throw await noTokenizer(folder);
    const files = await readTokenizerFiles(folder);
    const pipeline = new Pipeline(await Config.read(path), files.config.section("added_tokens_decoder"));
    return new Tokenizer(pipeline, readTokenizerConfig(files, pipeline));
  }

  /** Name of the tokenizer's type for display, such as "byte-level BPE". */
  get kind(): string {
    return this.pipeline.kind;
  }

  /** Highest id of the subword model's own vocabulary plus 1; added tokens are not counted. */
  get modelVocabularySize(): number {
    return this.pipeline.modelVocabularySize;
  }

  /** Special tokens, sorted by id. */
  get specialTokens(): readonly SpecialToken[] {
    return this.pipeline.specialTokens;
  }

  /** Returns a token as the vocabulary spells it, or undefined if no token has that id. */
  tokenOf(id: number): string | undefined {
    return this.pipeline.tokenOf(id);
  }

  /** Encodes a text. Lone surrogates are read as U+FFFD, as in a conversion to UTF-8. */
  encode(text: string, { addSpecialTokens }: SpecialTokenOptions): Encoding {
    const source = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    const { ids, starts, ends } = this.pipeline.encode(source);
    if (!addSpecialTokens) return { ids, starts, ends };
    const { idsBefore, idsAfter } = this.pipeline;
    if (idsBefore.length + idsAfter.length === 0) return { ids, starts, ends };
    const [atStart, atEnd] = [idsBefore.map(() => 0), idsAfter.map(() => text.length)];
    return {
      ids: [...idsBefore, ...ids, ...idsAfter],
      starts: [...atStart, ...starts, ...atEnd],
      ends: [...atStart, ...ends, ...atEnd],
    };
  }

  /** Returns a token as readable text: `<0xE2>` for a byte of a split character, `<id 7>` for an unused id. */
  tokenText(id: number): string {
    return this.pipeline.tokenText(id) ?? `<id ${id}>`;
  }
}

async function noTokenizer(folder: string): Promise<InputError> {
  const names = await readdir(folder).catch((): string[] => []);
  const slow = ["tokenizer.model", "spiece.model", "vocab.json", "vocab.txt", "tekken.json"].find((name) =>
    names.includes(name),
  );
  return new InputError(
    folder,
    slow === undefined
      ? "has no tokenizer.json; copy it from the model's base, or save the tokenizer with the model"
      : `has no tokenizer.json, only ${slow}; convert it once with transformers: ` +
          "AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)",
  );
}
