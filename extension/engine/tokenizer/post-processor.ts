/** The post-processors of tokenizer.json. https://huggingface.co/docs/tokenizers/api/post-processors */
import type { Config } from "../model-folder/config";
import { sections, unsupported } from "./json";

export interface PostProcessor {
  /** Ids put before the text and after it where special tokens are asked for. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Whether ranges leave out the white space of their tokens, and whether that spares a space put at the front. */
  readonly trims: readonly { readonly keepsPrefix: boolean }[];
}

export const noPostProcessing: PostProcessor = { before: [], after: [], trims: [] };

/** Throws InputError where the type is unknown. */
export function createPostProcessor(config: Config | undefined): PostProcessor {
  if (!config) return noPostProcessing;
  const type = config.string("type", "");
  switch (type) {
    case "Sequence":
      return sections(config, "processors").map(createPostProcessor).reduce(inTurn, noPostProcessing);
    case "ByteLevel":
      return { ...noPostProcessing, trims: trimsOf(config) };
    case "TemplateProcessing":
      return template(config);
    case "BertProcessing":
      return { before: [pairId(config, "cls")], after: [pairId(config, "sep")], trims: [] };
    case "RobertaProcessing":
      return { before: [pairId(config, "cls")], after: [pairId(config, "sep")], trims: trimsOf(config) };
    default:
      throw unsupported(config, "post-processor", type);
  }
}

function inTurn(first: PostProcessor, second: PostProcessor): PostProcessor {
  return {
    before: [...second.before, ...first.before],
    after: [...first.after, ...second.after],
    trims: [...first.trims, ...second.trims],
  };
}

function trimsOf(config: Config): PostProcessor["trims"] {
  return config.flag("trim_offsets", true) ? [{ keepsPrefix: config.flag("add_prefix_space", true) }] : [];
}

/** `single`: special tokens around one sequence. */
function template(config: Config): PostProcessor {
  const before: number[] = [];
  const after: number[] = [];
  let isPast = false;
  for (const item of sections(config, "single")) {
    const name = item.section("SpecialToken")?.string("id", "");
    if (name === undefined) isPast = true;
    else (isPast ? after : before).push(...templateIds(config, name));
  }
  return { before, after, trims: [] };
}

function templateIds(config: Config, name: string): readonly number[] {
  const ids = config.section("special_tokens")?.section(name)?.numbers("ids");
  if (!ids) throw config.fault("special_tokens", `an entry for ${name}`);
  return ids;
}

/** [token, id] */
function pairId(config: Config, key: string): number {
  const value = config.values[key];
  const id: unknown = Array.isArray(value) ? value[1] : undefined;
  if (typeof id !== "number") throw config.fault(key, "a token with its id");
  return id;
}
