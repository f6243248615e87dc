/** A checkpoint's tokenizer: text to token ids, each with its exact place in the text. */
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

export interface EncodeOptions {
  /** Adds what the tokenizer puts around a text, such as its beginning-of-sequence token. */
  readonly addSpecialTokens: boolean;
}

/**
 * Tokens of a text, in order. starts and ends are UTF-16 units of the text; tokens put before the text are empty at its
 * start, those put after it empty at its end. Tokens that share a character (a byte token, a prefixed space) have
 * ranges that overlap.
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

  /** Reads tokenizer.json of a model folder and what lies beside it. Throws InputError that says what to do. */
  static async load(folder: string): Promise<Tokenizer> {
    const path = join(folder, "tokenizer.json");
    if (!(await exists(path))) throw await noTokenizer(folder);
    const files = await readTokenizerFiles(folder);
    const pipeline = new Pipeline(await Config.read(path), files.config.section("added_tokens_decoder"));
    return new Tokenizer(pipeline, readTokenizerConfig(files, pipeline));
  }

  /** For people. */
  get kind(): string {
    return this.pipeline.kind;
  }

  /** Highest id of the model's own vocabulary + 1; added tokens are not counted. */
  get modelVocabularySize(): number {
    return this.pipeline.modelVocabularySize;
  }

  /** Tokens that mark up texts, in order of their ids. */
  get specialTokens(): readonly SpecialToken[] {
    return this.pipeline.specialTokens;
  }

  /** A token as the tokenizer's files name it; undefined for an id without one. */
  tokenOf(id: number): string | undefined {
    return this.pipeline.tokenOf(id);
  }

  /** Lone surrogates are read as U+FFFD, which is what UTF-8 makes of them. */
  encode(text: string, { addSpecialTokens }: EncodeOptions): Encoding {
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

  /** What a person reads for a token: text where it is text, `<0xE2>` for a byte; `<id 7>` for an id without token. */
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
