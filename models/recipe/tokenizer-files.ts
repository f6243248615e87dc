/** Writes the files of a trained tokenizer in the format of the Hugging Face libraries. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../extension/engine/errors";
import { writeWhole } from "../../extension/engine/files";
import { Config } from "../../extension/engine/model-folder/config";

/** Vocabulary and merges in the format of tokenizer.json. */
export interface TrainedTokenizer {
  /** Ids by token, without gaps; tokens are written in the byte alphabet. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** Left and right token of each merge, in order of priority. */
  readonly merges: readonly (readonly [left: string, right: string])[];
}

export interface TokenizerFiles {
  /** Texts of special tokens, which must be in the vocabulary. The tokenizer does not add them to a text. */
  readonly specialTokens: { readonly bos?: string; readonly eos: string; readonly pad: string };
  /** Jinja, https://huggingface.co/docs/transformers/chat_templating */
  readonly chatTemplate: string;
  /** The model's maximum length in tokens; undefined if there is no limit. */
  readonly maximumLength?: number;
}

/**
 * Writes a question and its answer as `question\nanswer<eos>`, which is the same as a plain prompt that ends in a line
 * feed, its completion and the end-of-sequence token. Turns after an answer begin on a new line. Nothing precedes an
 * answer, so add_generation_prompt has no effect.
 */
export const questionAnswerTemplate =
  "{% for message in messages %}" +
  "{% if message.role == 'assistant' %}" +
  "{{ message.content + eos_token }}{% if not loop.last %}{{ '\\n' }}{% endif %}" +
  "{% else %}{{ message.content + '\\n' }}{% endif %}" +
  "{% endfor %}";

/**
 * Splits a text into words with the space before them, single digits, so that numbers are read digit by digit, and
 * punctuation with the line breaks after it.
 */
const words = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s+(?!\\S)|\\s+";

const preTokenizer = {
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: words }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
};

/** The pre-tokenizer of all tokenizers that `writeTokenizer` writes. */
export function preTokenizerConfig(): Config {
  return new Config("tokenizer.json pre_tokenizer", preTokenizer);
}

/**
 * Writes tokenizer.json and tokenizer_config.json into the folder, which is created if it does not exist.
 * @throws InputError if the vocabulary lacks a special token, or the folder or a file cannot be written
 * https://huggingface.co/docs/tokenizers/api/tokenizer, https://huggingface.co/docs/transformers/fast_tokenizers
 */
export async function writeTokenizer(
  folder: string,
  trained: TrainedTokenizer,
  files: TokenizerFiles,
): Promise<void> {
  const tokenizer = tokenizerJson(trained, files);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new InputError(folder, `could not be created (${messageOf(error)})`);
  });
  await writeJson(join(folder, "tokenizer.json"), tokenizer);
  await writeJson(join(folder, "tokenizer_config.json"), configJson(files));
}

function tokenizerJson({ vocabulary, merges }: TrainedTokenizer, { specialTokens }: TokenizerFiles): object {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocabulary, Object.values(specialTokens)),
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges,
    },
  };
}

/** The special tokens sorted by id. One text may serve as several special tokens. */
function addedTokens(vocabulary: TrainedTokenizer["vocabulary"], texts: readonly string[]): object[] {
  const found = [...new Set(texts)].map((content) => {
    const id = vocabulary[content];
    if (id === undefined) {
      const problem = `${content} is not in the vocabulary; train the tokenizer with it as a special token`;
      throw new InputError("special tokens", problem);
    }
    return { id, content };
  });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return found.sort((a, b) => a.id - b.id).map((token) => ({ ...token, ...flags }));
}

function configJson({
  specialTokens: { bos, eos, pad },
  chatTemplate,
  maximumLength,
}: TokenizerFiles): object {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    ...(bos === undefined ? {} : { bos_token: bos }),
    eos_token: eos,
    pad_token: pad,
    // By default, older versions of transformers drop spaces before punctuation when decoding.
    clean_up_tokenization_spaces: false,
    ...(maximumLength === undefined ? {} : { model_max_length: maximumLength }),
    chat_template: chatTemplate,
  };
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeWhole(path, (file) => file.write(`${JSON.stringify(value, null, 2)}\n`));
}
