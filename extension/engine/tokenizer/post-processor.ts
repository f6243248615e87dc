/** The post-processors of tokenizer.json. https://huggingface.co/docs/tokenizers/api/post-processors */
import type { Config } from "../model-folder/config";
import { sections, unsupported } from "./json";

export interface PostProcessor {
  /** Ids added before and after the text if special tokens are requested. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** One entry per trim of white space from token ranges; see trimRange for `keepsPrefix`. */
  readonly trims: readonly { readonly keepsPrefix: boolean }[];
}

export const noPostProcessing: PostProcessor = { before: [], after: [], trims: [] };

/** Creates a post-processor. Throws InputError if its type is unknown. */
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

/** Reads `single`, the template of special tokens around one sequence. */
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

/** Reads the id of a [token, id] pair. */
function pairId(config: Config, key: string): number {
  const value = config.values[key];
  const id: unknown = Array.isArray(value) ? value[1] : undefined;
  if (typeof id !== "number") throw config.fault(key, "a token with its id");
  return id;
}
