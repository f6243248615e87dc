/** ONNX Runtime's fused attention. */
import type { Op, Value } from "../graph";
import { concat, reshapeTo, sizeAlong } from "./layout";
import { like, misfit, required } from "./operands";

export interface GroupQueryAttentionOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly scale: number;
  /** A token attends to itself and the window − 1 tokens before it; if undefined, to all tokens before it. */
  readonly window?: number | undefined;
  /** c of the soft cap c·tanh(s/c) on attention scores; undefined if there is none. */
  readonly softCap?: number | undefined;
  readonly rotary: boolean;
}

const groupQueryAttentionOp: Op<GroupQueryAttentionOptions> = {
  type: "GroupQueryAttention",
  domain: "com.microsoft",
  attributes: ({ heads, keyValueHeads, scale, window, softCap, rotary }) => ({
    num_heads: { int: heads },
    kv_num_heads: { int: keyValueHeads },
    scale: { float: scale },
    do_rotary: { int: rotary ? 1 : 0 },
    ...(window === undefined ? {} : { local_window_size: { int: window } }),
    ...(softCap === undefined ? {} : { softcap: { float: softCap } }),
  }),
  infer: (inputs, { heads, keyValueHeads }) => {
    const [query, key, past] = [required(inputs, 0), required(inputs, 1), inputs[3]];
    const [queryWidth, keyWidth] = [query.shape[2], key.shape[2]];
    if (typeof queryWidth !== "number" || typeof keyWidth !== "number")
      throw misfit("GroupQueryAttention", inputs);
    const headDim = keyWidth / keyValueHeads;
    const fits = !past || (past.shape[1] === keyValueHeads && past.shape[3] === headDim);
    if (queryWidth / heads !== headDim || !fits) throw misfit("GroupQueryAttention", inputs);
    const length = key.shape[1] ?? 1;
    const cache = [key.shape[0] ?? 1, keyValueHeads, past ? `${past.shape[2]}+${length}` : length, headDim];
    return [like(query), { dtype: key.dtype, shape: cache }, { dtype: key.dtype, shape: cache }];
  },
};

interface Lengths {
  /** Index of each row's last token: int32 [B]. */
  readonly last: Value;
  /** Number of tokens of the longest row: int32 []. */
  readonly total: Value;
}

interface Tables {
  readonly cos: Value;
  readonly sin: Value;
}

/** Keys, with rotary positions applied, and values of one layer: [B,keyValueHeads,tokens,D]. */
export interface LayerKeyValues {
  readonly keys: Value;
  readonly values: Value;
}

/**
 * Causal grouped-query attention, with rotary positions if `rotary` is given.
 * query: [B,T,heads·D], key, value: [B,T,keyValueHeads·D], cos, sin: [T,R/2] → [B,T,heads·D].
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function groupQueryAttention(
  query: Value,
  key: Value,
  value: Value,
  lengths: Lengths,
  rotary: Tables | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): Value {
  const { mixed, keys, values } = attend([query, key, value], undefined, lengths, rotary, options);
  // The CPU provider uses its flash kernel only if keys and values are outputs too, and frees unread outputs only after
  // the whole graph is evaluated. Reading their sizes frees them at once.
  const width = query.graph.constant("int64", [Number(query.shape[2])]);
  return reshapeTo(mixed, concat([sizeAlong(keys, 0), sizeAlong(values, 2), width], 0), query.shape);
}

/**
 * Attention of tokens that follow a past of P tokens, which `last` and `total` include; cos, sin: [P+T,R/2].
 * If P > 0, the runtime supports only B = 1. Also returns the keys and values of all P+T tokens.
 */
export function groupQueryAttentionOnPast(
  query: Value,
  key: Value,
  value: Value,
  past: LayerKeyValues,
  lengths: Lengths,
  rotary: Tables | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): LayerKeyValues & { readonly mixed: Value } {
  return attend([query, key, value], past, lengths, rotary, options);
}

function attend(
  operands: readonly [query: Value, key: Value, value: Value],
  past: LayerKeyValues | undefined,
  { last, total }: Lengths,
  rotary: Tables | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): LayerKeyValues & { readonly mixed: Value } {
  const inputs = [...operands, past?.keys, past?.values, last, total];
  if (rotary) inputs.push(rotary.cos, rotary.sin);
  const outputs = operands[0].graph.apply(groupQueryAttentionOp, inputs, {
    ...options,
    rotary: rotary !== undefined,
  });
  return { mixed: required(outputs, 0), keys: required(outputs, 1), values: required(outputs, 2) };
}
