/**
 * Runs the steps of tokenizer.json in order: added tokens, normalizer, pre-tokenizer, model, post-processor. The steps
 * are implemented here because the JavaScript library returns no offsets, and because its results differ from the Rust
 * library's (flags of added tokens, split behaviors, white space, unknown characters). Only its Unigram and WordPiece
 * models and its regular expressions are used.
 *
 * Results still differ from the Rust library's in two cases: characters newer than its Unicode tables, in normalizers
 * and in rules for punctuation and marks; and words with a character that is missing from a vocabulary without an
 * unknown token, after which the Rust library shifts offsets by the length of what it dropped.
 * https://huggingface.co/docs/tokenizers/pipeline
 */
import type { Config } from "../model-folder/config";
import { type AddedToken, AddedTokenFinder, addedToken, readAddedTokens } from "./added-tokens";
import { sections } from "./json";
import { createPostProcessor, type PostProcessor } from "./post-processor";
import { createModel } from "./subwords/model";
import type { SubwordModel } from "./subwords/subword-model";
import { highestId } from "./subwords/vocabulary";
import { AlignedText } from "./text/aligned-text";
import { readByteLevel } from "./text/byte-level";
import { createNormalizer, type Normalizer } from "./text/normalizer";
import { createPreTokenizer, type PreTokenizer } from "./text/pre-tokenizer";
import { trimRange } from "./text/trim";

interface Tokens {
  readonly source: string;
  readonly ids: number[];
  /** Offsets in UTF-16 units of the source. */
  readonly starts: number[];
  readonly ends: number[];
}

export class Pipeline {
  readonly kind: string;
  readonly modelVocabularySize: number;
  private readonly model: SubwordModel;
  private readonly normalize: Normalizer;
  private readonly preTokenize: PreTokenizer;
  private readonly postProcessor: PostProcessor;
  /** Added tokens are matched in the source, or in the normalized text if their flag says so. */
  private readonly inSource: AddedTokenFinder;
  private readonly inNormalized: AddedTokenFinder;
  private readonly addedIds: ReadonlyMap<string, number>;
  /** Special tokens, sorted by id. */
  readonly specialTokens: readonly { readonly id: number; readonly text: string }[];
  private readonly texts: readonly (string | undefined)[];
  private readonly isByteLevel: boolean;

  /** `addedTokens` is `added_tokens_decoder` of tokenizer_config.json; it only adds tokens that `json` lacks. */
  constructor(json: Config, addedTokens: Config | undefined) {
    const part = (name: string): Config | undefined => json.section(name);
    const modelJson = part("model");
    if (!modelJson) throw json.fault("model", "an object");
    this.model = createModel(modelJson);
    this.normalize = createNormalizer(part("normalizer"));
    this.preTokenize = createPreTokenizer(part("pre_tokenizer"));
    this.postProcessor = createPostProcessor(part("post_processor"));
    const added = withMore(readAddedTokens(json), addedTokens);
    this.inSource = new AddedTokenFinder(
      added.filter(({ isNormalized }) => !isNormalized),
      (text) => text,
    );
    this.inNormalized = new AddedTokenFinder(
      added.filter(({ isNormalized }) => isNormalized),
      this.normalize,
    );
    this.addedIds = new Map(added.map(({ content, id }) => [content, id]));
    this.specialTokens = added
      .filter(({ isSpecial }) => isSpecial)
      .map(({ id, content }) => ({ id, text: content }))
      .sort((a, b) => a.id - b.id);
    this.texts = textsById(this.model.vocabulary, added);
    this.isByteLevel = ["pre_tokenizer", "normalizer", "decoder"].some((name) => hasByteLevel(part(name)));
    this.kind = kindOf(modelJson, this.isByteLevel);
    this.modelVocabularySize = highestId(this.model.vocabulary) + 1;
  }

  get idsBefore(): readonly number[] {
    return this.postProcessor.before;
  }

  get idsAfter(): readonly number[] {
    return this.postProcessor.after;
  }

  get unknownToken(): string | undefined {
    return this.model.unknownToken;
  }

  idOf(text: string): number | undefined {
    return this.addedIds.get(text) ?? this.model.vocabulary.get(text);
  }

  /** Returns a token as the vocabulary spells it, or undefined if no token has that id. */
  tokenOf(id: number): string | undefined {
    return this.texts[id];
  }

  /** Returns a token as readable text, or undefined if no token has that id. */
  tokenText(id: number): string | undefined {
    const token = this.texts[id];
    if (token === undefined || this.addedIds.get(token) === id) return token;
    return this.isByteLevel ? readByteLevel(token) : token.replaceAll("▁", " ");
  }

  /** Encodes a text that contains no lone surrogates. */
  encode(source: string): Tokens {
    const tokens: Tokens = { source, ids: [], starts: [], ends: [] };
    for (const section of this.inSource.split(source)) {
      const text = AlignedText.fromSource(source, section.start, section.end);
      if (section.token) this.addToken(tokens, section.token, text);
      else this.encodePlain(tokens, this.normalize(text));
    }
    return tokens;
  }

  private encodePlain(tokens: Tokens, text: AlignedText): void {
    for (const { start, end, token } of this.inNormalized.split(text.text)) {
      const stretch = text.slice(start, end);
      if (token) this.addToken(tokens, token, stretch);
      else this.encodeStretch(tokens, stretch);
    }
  }

  private encodeStretch(tokens: Tokens, stretch: AlignedText): void {
    const { text, bounds } = this.preTokenize({ text: stretch, bounds: [0, stretch.text.length] });
    for (let i = 0; i < bounds.length; i += 2) {
      const from = bounds[i] ?? 0;
      for (const { id, start, end } of this.model.tokenize(text.text.slice(from, bounds[i + 1]))) {
        const token = this.texts[id] ?? "";
        this.add(tokens, id, token, text.sourceStart(from + start), text.sourceEnd(from + end));
      }
    }
  }

  /** `text` is the stretch that matched the token, including the white space that the token takes. */
  private addToken(tokens: Tokens, { id }: AddedToken, text: AlignedText): void {
    this.add(tokens, id, text.text, text.sourceStart(0), text.sourceEnd(text.text.length));
  }

  private add(tokens: Tokens, id: number, token: string, sourceStart: number, sourceEnd: number): void {
    let range: [start: number, end: number] = [sourceStart, sourceEnd];
    for (const { keepsPrefix } of this.postProcessor.trims) {
      range = trimRange(tokens.source, token, range, tokens.ids.length === 0, keepsPrefix);
    }
    tokens.ids.push(id);
    tokens.starts.push(range[0]);
    tokens.ends.push(range[1]);
  }
}

function withMore(added: readonly AddedToken[], more: Config | undefined): readonly AddedToken[] {
  const known = new Set(added.map(({ content }) => content));
  const found = Object.keys(more?.values ?? {}).flatMap((id) => {
    const entry = more?.section(id);
    return entry ? [addedToken(entry, Number(id))] : [];
  });
  return [...added, ...found.filter(({ content }) => !known.has(content))];
}

function textsById(vocabulary: ReadonlyMap<string, number>, added: readonly AddedToken[]): string[] {
  const texts: string[] = [];
  for (const [token, id] of vocabulary) texts[id] = token;
  for (const { id, content } of added) texts[id] = content;
  return texts;
}

function hasByteLevel(config: Config | undefined): boolean {
  if (!config) return false;
  if (config.string("type", "") === "ByteLevel") return true;
  return ["pretokenizers", "normalizers", "decoders"].some((key) => sections(config, key).some(hasByteLevel));
}

function kindOf(model: Config, isByteLevel: boolean): string {
  const type = model.string("type", "BPE");
  if (type !== "BPE") return type;
  return isByteLevel ? "byte-level BPE" : "SentencePiece BPE";
}
