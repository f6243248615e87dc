/** The contract of the compare panel. */
import * as v from "valibot";
import { granularities, metrics, scales } from "../choices";
import type { TokenScores } from "../scores";
import { panelContract, status } from "./panel";

const score = v.nullable(v.number());

/** Arrays of another realm are not instances of this one's classes. */
function isArrayOf(value: unknown, name: "Int32Array" | "Float32Array"): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${name}]`;
}
const int32 = v.custom<Int32Array>((value) => isArrayOf(value, "Int32Array"));
const float32 = v.custom<Float32Array>((value) => isArrayOf(value, "Float32Array"));

const tokens = v.pipe(
  v.object({
    ids: int32,
    starts: int32,
    ends: int32,
    partialRewards: v.exactOptional(float32),
    q: v.record(v.string(), float32),
    ownTexts: v.record(v.string(), v.string()),
  }),
  v.check(
    ({ ids, starts, ends, partialRewards, q }: TokenScores) =>
      [starts, ends, partialRewards ?? ids, ...Object.values(q)].every(({ length }) => length === ids.length),
    "columns of different lengths",
  ),
);

/** One completion as one model scored it. */
const side = v.object({
  /** `chosen`, `rejected`, `completion 3`, or a model's name. */
  label: v.string(),
  /** Model and device. */
  model: v.string(),
  text: v.string(),
  reward: score,
  /** Share of this model's completions that have a lower reward, in [0,1]; null if it is not known. */
  percentile: score,
  tokens,
  /** Tokens at the end that were not scored because the model reads no more. */
  truncated: v.number(),
  steps: v.array(v.object({ start: v.number(), end: v.number() })),
  /** Sentences for people. */
  warnings: v.array(v.string()),
});

const display = v.object({
  metric: v.picklist(metrics),
  granularity: v.picklist(granularities),
  /** Empty if the model has no goal state. */
  goal: v.string(),
  /** Q below which a token is low. */
  threshold: v.number(),
  scale: v.picklist(scales),
});

const comparison = v.object({
  /** `pairs.jsonl, row 3` */
  title: v.string(),
  prompt: v.string(),
  /** One: the inspector. Two: chosen beside rejected, any two completions, or one completion under two models. */
  sides: v.pipe(v.array(side), v.minLength(1), v.maxLength(2)),
  /** Of a preference pair: chosen reward − rejected reward. */
  margin: score,
  goals: v.array(v.string()),
  /** Percentiles of the model's rewards in steps of 5; empty if they are not known. */
  rewardQuantiles: v.array(v.number()),
});

/** The host owns all of it. The page may choose another display; its choices count until the host has taken them in. */
const state = v.object({
  status,
  /** What is compared, in the host's own words; empty before the first. */
  subject: v.string(),
  /** Sent once per comparison: tokens take most of the bytes. */
  comparison: v.nullable(comparison),
  display,
  /** Place among the document's rows, from 0; null if there is only one. */
  position: v.nullable(v.object({ index: v.number(), count: v.number() })),
});

const format = v.picklist(["png", "html"]);
/** null if none is pointed at. */
const pointed = v.object({ type: v.literal("pointed"), side: v.number(), token: v.nullable(v.number()) });

export const compareContract = panelContract({
  name: "compare",
  title: "Compare",
  state,
  change: v.partial(state),
  kept: v.pick(state, ["subject"]),
  notice: v.variant("type", [
    /** A token is pointed at in the editor. */
    pointed,
    /** The host asks for a picture of the panel, or for its page. */
    v.object({ type: v.literal("export"), format }),
  ]),
  intent: v.variant("type", [
    v.object({ type: v.literal("display"), display: v.partial(display) }),
    v.object({ type: v.literal("go"), to: v.picklist(["next", "previous", "next-misranked"]) }),
    /** A token is pointed at in the panel. */
    pointed,
    /** Show this token in the editor. */
    v.object({ type: v.literal("reveal"), side: v.number(), token: v.number() }),
    /** `data`: base64 of a PNG, or the text of a page. */
    v.object({ type: v.literal("exported"), format, data: v.string() }),
  ]),
});

type Contract = typeof compareContract;
export type CompareState = NonNullable<ReturnType<Contract["readState"]>>;
export type CompareKept = NonNullable<ReturnType<Contract["readKept"]>>;
export type CompareNotice = Extract<
  NonNullable<ReturnType<Contract["readHostMessage"]>>,
  { type: "notice" }
>["notice"];
export type CompareIntent = Extract<
  NonNullable<ReturnType<Contract["readPageMessage"]>>,
  { type: "intent" }
>["intent"];
export type Comparison = v.InferOutput<typeof comparison>;
export type Side = v.InferOutput<typeof side>;
export type Display = v.InferOutput<typeof display>;
export type ExportFormat = v.InferOutput<typeof format>;
