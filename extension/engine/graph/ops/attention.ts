/** The runtime's fused attention. */
import type { Op, Value } from "../graph";
import { concat, reshapeTo, sizeAlong } from "./layout";
import { like, misfit, required } from "./operands";

export interface GroupQueryAttentionOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly scale: number;
  /** A token sees itself and window − 1 tokens before it; absent: everything before it. */
  readonly window?: number | undefined;
  /** Scores pass through c·tanh(s/c). */
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
    const [query, key] = [required(inputs, 0), required(inputs, 1)];
    const [queryWidth, keyWidth] = [query.shape[2], key.shape[2]];
    if (typeof queryWidth !== "number" || typeof keyWidth !== "number")
      throw misfit("GroupQueryAttention", inputs);
    const headDim = keyWidth / keyValueHeads;
    if (queryWidth / heads !== headDim) throw misfit("GroupQueryAttention", inputs);
    const cache = [key.shape[0] ?? 1, keyValueHeads, key.shape[1] ?? 1, headDim];
    return [like(query), { dtype: key.dtype, shape: cache }, { dtype: key.dtype, shape: cache }];
  },
};

/**
 * Causal attention of grouped heads, with rotary positions where cos and sin are given.
 * query: [B,T,heads·D], key, value: [B,T,keyValueHeads·D], last: int32 [B], total: int32 [], cos, sin: [T,R/2] → [B,T,heads·D].
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function groupQueryAttention(
  query: Value,
  key: Value,
  value: Value,
  lengths: { readonly last: Value; readonly total: Value },
  rotary: { readonly cos: Value; readonly sin: Value } | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): Value {
  const inputs = [query, key, value, undefined, undefined, lengths.last, lengths.total];
  if (rotary) inputs.push(rotary.cos, rotary.sin);
  const { graph } = query;
  const outputs = graph.apply(groupQueryAttentionOp, inputs, { ...options, rotary: rotary !== undefined });
  // The CPU takes its flash kernel only where it may write keys and values out too, and holds what nobody reads
  // until the whole graph has run. Reading their sizes is enough to have them freed.
  const [mixed, keys, values] = [required(outputs, 0), required(outputs, 1), required(outputs, 2)];
  const width = graph.constant("int64", [Number(query.shape[2])]);
  return reshapeTo(mixed, concat([sizeAlong(keys, 0), sizeAlong(values, 2), width], 0), query.shape);
}
