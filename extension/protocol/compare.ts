/** The one contract between the extension host and its webviews. Both sides check what comes in against it. */

import * as v from "valibot";
import { granularities, metrics } from "./choices";

const score = v.nullable(v.number());

const token = v.object({
  id: v.number(),
  text: v.string(),
  /** UTF-16 units of the side's text. */
  start: v.number(),
  end: v.number(),
  /** By goal state. */
  q: v.record(v.string(), score),
  partialReward: score,
});

/** One completion as one model scored it. */
const side = v.object({
  /** `chosen`, `rejected`, `completion 3`, or a model's name. */
  label: v.string(),
  /** Model and device. */
  model: v.string(),
  text: v.string(),
  reward: score,
  /** Share of this model's completions that have a lower reward, in [0,1]; null: not known. */
  percentile: score,
  tokens: v.array(token),
  steps: v.array(v.object({ start: v.number(), end: v.number() })),
  /** Sentences for people. */
  warnings: v.array(v.string()),
});

const display = v.object({
  metric: v.picklist(metrics),
  granularity: v.picklist(granularities),
  /** Empty where the model has no goal state. */
  goal: v.string(),
  /** Q below which a token is low. */
  threshold: v.number(),
});

const comparison = v.object({
  /** What is compared, in the host's own words. */
  subject: v.string(),
  /** `pairs.jsonl, row 3` */
  title: v.string(),
  prompt: v.string(),
  /** One: the inspector. Two: chosen beside rejected, any two completions, or one completion under two models. */
  sides: v.pipe(v.array(side), v.minLength(1), v.maxLength(2)),
  /** Of a preference pair: chosen reward − rejected reward. */
  margin: score,
  goals: v.array(v.string()),
  /** Percentiles of the model's rewards in steps of 5; empty: not known. */
  rewardQuantiles: v.array(v.number()),
  display,
  /** Place among the document's rows, from 0; null: there is nothing to go through. */
  position: v.nullable(v.object({ index: v.number(), count: v.number() })),
});

export const hostMessage = v.variant("type", [
  v.object({ type: v.literal("comparison"), comparison }),
  /** A token is pointed at in the editor; null: none is. */
  v.object({ type: v.literal("pointed"), side: v.number(), token: v.nullable(v.number()) }),
  v.object({ type: v.literal("display"), display }),
  v.object({ type: v.literal("status"), kind: v.picklist(["loading", "empty", "error"]), text: v.string() }),
  /** The host asks for a picture of the panel, or for its page. */
  v.object({ type: v.literal("export"), format: v.picklist(["png", "html"]) }),
]);

export const webviewMessage = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("display"), display: v.partial(display) }),
  v.object({ type: v.literal("go"), to: v.picklist(["next", "previous", "next-misranked"]) }),
  /** A token is pointed at in the panel; null: none is. */
  v.object({ type: v.literal("pointed"), side: v.number(), token: v.nullable(v.number()) }),
  /** Show this token in the editor. */
  v.object({ type: v.literal("reveal"), side: v.number(), token: v.number() }),
  v.object({ type: v.literal("export"), format: v.picklist(["png", "html"]) }),
  /** `data`: base64 of a PNG, or the text of a page. */
  v.object({ type: v.literal("exported"), format: v.picklist(["png", "html"]), data: v.string() }),
  v.object({ type: v.literal("failed"), problem: v.string() }),
]);

/** What a page keeps over a reload of the window: what it showed, and where that is not too long its looks. */
const kept = v.object({ subject: v.string(), comparison: v.optional(comparison) });

export type HostMessage = v.InferOutput<typeof hostMessage>;
export type WebviewMessage = v.InferOutput<typeof webviewMessage>;
export type Kept = v.InferOutput<typeof kept>;
export type Comparison = v.InferOutput<typeof comparison>;
export type Side = v.InferOutput<typeof side>;
export type SideToken = v.InferOutput<typeof token>;
export type Display = v.InferOutput<typeof display>;

/** undefined: it is none of them. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  const result = v.safeParse(hostMessage, value);
  return result.success ? result.output : undefined;
}

/** undefined: it is none of them. */
export function readWebviewMessage(value: unknown): WebviewMessage | undefined {
  const result = v.safeParse(webviewMessage, value);
  return result.success ? result.output : undefined;
}

/** undefined: it is none, or one that an older version kept. */
export function readKept(value: unknown): Kept | undefined {
  const result = v.safeParse(kept, value);
  return result.success ? result.output : undefined;
}
