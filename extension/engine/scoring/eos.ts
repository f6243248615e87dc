/** Decides whether an end-of-sequence token closes a completion, and gives the reason. */
import type { Config } from "../model-folder/config";
import type { TokenizerConfig } from "../tokenizer/tokenizer-config";

export interface EosRule {
  /** `tokenizer` if the tokenizer itself appends the token, `never` if no token is appended. */
  readonly append: "always" | "plain-text" | "tokenizer" | "never";
  /** The reason in one line, for the output. */
  readonly reason: string;
}

/**
 * Returns the checkpoint's recorded rule, or TRL's rule by default: append to plain text, and leave conversations to
 * the chat template. A rule is recorded as `reward_inspector.append_eos` in config.json, or in a tokenizer that adds
 * the token.
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
    return { append: "never", reason: "not appended, because the tokenizer has no end-of-sequence token" };
  if (tokenizer.addsEos) return { append: "tokenizer", reason: "appended by the tokenizer" };
  return {
    append: "plain-text",
    reason: `${tokenizer.eosToken.text} appended to plain text, left to the template in conversations (TRL's rule)`,
  };
}
