/** The contract of the compare panel. */
import * as v from "valibot";
import { granularities, metrics, scales } from "../choices";
import type { TokenScores } from "../scores";
import { panelContract, status } from "./panel";

const score = v.nullable(v.number());

/** Does not use instanceof, because arrays of another realm are not instances of this realm's classes. */
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

/** One completion with the scores of one model. */
const side = v.object({
  /** `chosen`, `rejected`, `completion 3`, or a model's name. */
  label: v.string(),
  /** Model and device. */
  model: v.string(),
  text: v.string(),
  reward: score,
  /** Share of this model's completions that have a lower reward, in [0,1]; null if unknown. */
  percentile: score,
  tokens,
  /** Tokens at the end that were not scored because the sequence was too long. */
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
  /** One completion, or two: chosen and rejected, any other two, or the same one under two models. */
  sides: v.pipe(v.array(side), v.minLength(1), v.maxLength(2)),
  /** Chosen reward − rejected reward of a preference pair. */
  margin: score,
  goals: v.array(v.string()),
  /** Percentiles of the model's rewards in steps of 5; empty if unknown. */
  rewardQuantiles: v.array(v.number()),
});

/** The host owns the state. If the page chooses another display, it keeps showing that until the host confirms. */
const state = v.object({
  status,
  /** What is compared, as text that only the host interprets; empty before the first comparison. */
  subject: v.string(),
  /** Sent once per comparison, because tokens are most of the data. */
  comparison: v.nullable(comparison),
  display,
  /** Index among the document's rows, from 0; null if there is only one. */
  position: v.nullable(v.object({ index: v.number(), count: v.number() })),
});

const format = v.picklist(["png", "html"]);
/** `token` is null if no token is pointed at. */
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
    /** The user wants to see this token in the editor. */
    v.object({ type: v.literal("reveal"), side: v.number(), token: v.number() }),
    /** `data` is a PNG in base64, or the HTML of a page. */
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
