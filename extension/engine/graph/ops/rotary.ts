/** ONNX Runtime's rotary position embedding. */
import type { Op, Value } from "../graph";
import { neg } from "./elementwise";
import { like, misfit, parts, required, single } from "./operands";

interface Rotation {
  readonly heads: number;
  /** Rotated dimensions of a head. */
  readonly width: number;
}

const rotaryOp: Op<Rotation> = {
  type: "RotaryEmbedding",
  domain: "com.microsoft",
  attributes: ({ heads, width }) => ({ num_heads: { int: heads }, rotary_embedding_dim: { int: width } }),
  infer: (inputs, { heads, width }) => {
    const x = required(inputs, 0);
    const [cos, sin] = [required(inputs, 2), required(inputs, 3)];
    const fits = [cos, sin].every(({ shape }) => shape.length === 2 && shape[1] === width / 2);
    if (x.shape.length !== 3 || Number(x.shape[2]) / heads < width || !fits)
      throw misfit("RotaryEmbedding", inputs);
    return [like(x)];
  },
  // The transpose of a rotation is the rotation by the negative angle.
  backward: (call) => {
    const { b: positions, c: cos, g } = parts(call);
    const sin = required(call.inputs, 3);
    return [() => single(g.graph.apply(rotaryOp, [g, positions, cos, neg(sin)], call.options))];
  },
};

/**
 * Rotates the first `width` dimensions of every head by its token's position. x: [B,T,heads·D], positions: int64 [B,T],
 * cos, sin: [M,width/2] → [B,T,heads·D]. Only x has a gradient.
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RotaryEmbedding
 */
export function rotaryEmbedding(
  x: Value,
  positions: Value,
  tables: { readonly cos: Value; readonly sin: Value },
  options: Rotation,
): Value {
  return single(x.graph.apply(rotaryOp, [x, positions, tables.cos, tables.sin], options));
}
