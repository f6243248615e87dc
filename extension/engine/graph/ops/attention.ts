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
  /** Index of each row's last token, int32 [B]. */
  readonly last: Value;
  /** Tokens of the longest row, int32 []. */
  readonly total: Value;
}

interface Tables {
  readonly cos: Value;
  readonly sin: Value;
}

/** Keys, with their rotary positions, and values: [B,keyValueHeads,tokens,D]. */
export interface KeyValues {
  readonly keys: Value;
  readonly values: Value;
}

/**
 * Causal attention of grouped heads, with rotary positions where cos and sin are given.
 * query: [B,T,heads·D], key, value: [B,T,keyValueHeads·D], last: int32 [B], total: int32 [], cos, sin: [T,R/2] → [B,T,heads·D].
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
  // The CPU takes its flash kernel only where it may write keys and values out too, and holds what nobody reads
  // until the whole graph has run. Reading their sizes is enough to have them freed.
  const width = query.graph.constant("int64", [Number(query.shape[2])]);
  return reshapeTo(mixed, concat([sizeAlong(keys, 0), sizeAlong(values, 2), width], 0), query.shape);
}

/**
 * The same for tokens that follow a past of P tokens, which `last` and `total` count too; cos, sin: [P+T,R/2].
 * P may be 0; above it the runtime takes one row alone. Gives keys and values of all P+T tokens as well.
 */
export function groupQueryAttentionOnPast(
  query: Value,
  key: Value,
  value: Value,
  past: KeyValues,
  lengths: Lengths,
  rotary: Tables | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): KeyValues & { readonly mixed: Value } {
  return attend([query, key, value], past, lengths, rotary, options);
}

function attend(
  operands: readonly [query: Value, key: Value, value: Value],
  past: KeyValues | undefined,
  { last, total }: Lengths,
  rotary: Tables | undefined,
  options: Omit<GroupQueryAttentionOptions, "rotary">,
): KeyValues & { readonly mixed: Value } {
  const inputs = [...operands, past?.keys, past?.values, last, total];
  if (rotary) inputs.push(rotary.cos, rotary.sin);
  const outputs = operands[0].graph.apply(groupQueryAttentionOp, inputs, {
    ...options,
    rotary: rotary !== undefined,
  });
  return { mixed: required(outputs, 0), keys: required(outputs, 1), values: required(outputs, 2) };
}
