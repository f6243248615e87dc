/** Whether an end-of-sequence token closes a completion, and on whose word. */
import type { Config } from "../model-folder/config";
import type { TokenizerConfig } from "../tokenizer/tokenizer-config";

export interface EosRule {
  /** `tokenizer`: it appends one itself; `never`: none is added. */
  readonly append: "always" | "plain-text" | "tokenizer" | "never";
  /** One line for the output. */
  readonly reason: string;
}

/**
 * The checkpoint's own record where there is one, else TRL's rule: append to plain text, leave conversations to the
 * chat template. Records are `reward_inspector.append_eos` of config.json, and a tokenizer set to add the token.
 * https://huggingface.co/docs/trl/reward_trainer
 */
export function eosRule(config: Config, tokenizer: TokenizerConfig): EosRule {
  const record = config.section("reward_inspector");
  if (record?.has("append_eos")) {
    return record.flag("append_eos", true)
      ? { append: "always", reason: "appended, as config.json reward_inspector.append_eos says" }
      : { append: "never", reason: "not appended, as config.json reward_inspector.append_eos says" };
  }
  if (tokenizer.eosToken === undefined)
    return { append: "never", reason: "not appended: the tokenizer names none" };
  if (tokenizer.addsEos)
    return { append: "tokenizer", reason: "appended by the tokenizer, as its own settings say" };
  return {
    append: "plain-text",
    reason: `${tokenizer.eosToken.text} appended to plain text, left to the template in conversations (TRL's rule)`,
  };
}
