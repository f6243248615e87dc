/** Selects the token whose hidden state gives the reward, by the rule of the tool that trained the head. */

import type { Config } from "../../model-folder/config";
import type { Checkpoint } from "../reading/checkpoint";
import type { RewardHead } from "./reward-head";

/**
 * - `last-not-padding`: the last token that is not the padding token, as in transformers 5
 *   (`GenericForSequenceClassification`). TRL pads with the end-of-sequence token if a tokenizer has no padding token,
 *   so the reward is then read before it.
 * - `before-first-padding`: the token before the first padding token, as in transformers 4.48 and earlier, and in code
 *   derived from it (Qwen2.5-Math-RM, INF-ORM).
 * - `last`: the last token of any kind, as in OpenRLHF and LLaMA-Factory, which use the attention mask.
 */
export type RewardTokenKind = "last" | "last-not-padding" | "before-first-padding";

export interface RewardTokenRule {
  readonly kind: RewardTokenKind;
  /** Padding token, or undefined if there is none; every rule then selects the last token. */
  readonly padId: number | undefined;
  /** Name of the rule for the output, such as "transformers' rule". */
  readonly origin: string;
}

/** The properties of a checkpoint that determine the rule. */
export interface RewardLayout {
  /** First class that config.json names. */
  readonly architecture: string | undefined;
  readonly padId: number | undefined;
  /** The checkpoint was written by OpenRLHF. */
  readonly isOpenRlhf: boolean;
  /** Name of the reward head, such as `score.weight`, or undefined if there is none. */
  readonly head: string | undefined;
}

/** Classes outside transformers that use ReLU between layers and read the reward before the first padding token. */
export const knownClasses: readonly string[] = ["Qwen2ForRewardModel", "INFORMForSequenceClassification"];

/** Default padding tokens of families whose config.json may omit them (transformers 5.18, `*Config`). */
const familyPadding: Readonly<Record<string, number>> = { gemma2: 0, gemma3: 0, gemma3_text: 0, phi3: 32000 };

/** Returns `pad_token_id` of the text model as transformers reads config.json, or undefined if there is none. */
export function paddingId(config: Config): number | undefined {
  const text = config.section("text_config") ?? config;
  if (text.values.pad_token_id === undefined) return familyPadding[config.string("model_type", "")];
  return text.optionalNumber("pad_token_id");
}

export function isOpenRlhf(config: Config): boolean {
  return config.has("value_head_prefix") || architectureOf(config) === "RewardModel";
}

export function architectureOf(config: Config): string | undefined {
  return config.strings("architectures")?.[0];
}

/** Returns the rule of a checkpoint. PEFT applies an adapter to a transformers class, whatever tool made the base. */
export function rewardTokenRule(
  { config, adapter }: Pick<Checkpoint, "config" | "adapter">,
  head: RewardHead | undefined,
): RewardTokenRule {
  return ruleOf({
    architecture: adapter ? undefined : architectureOf(config),
    padId: paddingId(config),
    isOpenRlhf: adapter === undefined && isOpenRlhf(config),
    head: head?.name,
  });
}

export function ruleOf({ architecture, padId, isOpenRlhf, head }: RewardLayout): RewardTokenRule {
  if (isOpenRlhf) return { kind: "last", padId, origin: "OpenRLHF's rule" };
  if (head?.startsWith("v_head"))
    return { kind: "last", padId, origin: "the rule of LLaMA-Factory and TRL's value heads" };
  if (head?.startsWith("value_head")) return { kind: "last", padId, origin: "the rule of value heads" };
  if (architecture?.endsWith("ForTokenClassification"))
    return { kind: "last", padId, origin: "a token classifier scores every token" };
  if (architecture !== undefined && knownClasses.includes(architecture))
    return { kind: "before-first-padding", padId, origin: `the rule of ${architecture}` };
  return { kind: "last-not-padding", padId, origin: "transformers' rule" };
}

/** Returns the index of the token at which a sequence's reward is read; -1 for an empty sequence. */
export function rewardToken(ids: Int32Array | readonly number[], { kind, padId }: RewardTokenRule): number {
  const last = ids.length - 1;
  if (kind === "last" || padId === undefined || last < 0) return last;
  if (kind === "before-first-padding") {
    const first = ids.indexOf(padId);
    // Python's modulo turns index -1 into the last token if the first token is padding.
    return first > 0 ? first - 1 : last;
  }
  // If all tokens are padding, argmax over zeros returns the first token.
  for (let t = last; t > 0; t--) if (ids[t] !== padId) return t;
  return 0;
}

/** Describes the rule in one line; `tokenText` returns a token as readable text. */
export function describeRule(
  { kind, padId, origin }: RewardTokenRule,
  tokenText: (id: number) => string,
): string {
  if (kind === "last") return `last token (${origin})`;
  if (padId === undefined) return `last token, because config.json names no padding token (${origin})`;
  const padding = `${padId < 0 ? "" : `${tokenText(padId)}, `}pad_token_id ${padId}`;
  return kind === "last-not-padding"
    ? `last token that is not the padding token (${padding}; ${origin})`
    : `token before the first padding token (${padding}; ${origin})`;
}
