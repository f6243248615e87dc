/** Matrix products. */
import { broadcast } from "../dim";
import type { Op, Value } from "../graph";
import { unbroadcast } from "./broadcast";
import { transpose } from "./layout";
import { applied, misfit, none, parts, required, single } from "./operands";

const matMulOp: Op<undefined> = {
  type: "MatMul",
  attributes: none,
  infer: (inputs) => {
    const [a, b] = [required(inputs, 0), required(inputs, 1)];
    const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const [rows, columns] = [a.shape.at(-2), b.shape.at(-1)];
    if (!batch || rows === undefined || columns === undefined) throw misfit("MatMul", inputs);
    if (a.shape.at(-1) !== b.shape.at(-2) || a.dtype !== b.dtype) throw misfit("MatMul", inputs);
    return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
  },
  backward: (call) => {
    const { a, b, g } = parts(call);
    return [
      () => unbroadcast(matMul(g, transposed(b)), a.shape),
      () => unbroadcast(matMul(transposed(a), g), b.shape),
    ];
  },
};

/** a: […,M,K], b: […,K,N] → […,M,N]; leading dimensions broadcast. */
export const matMul = (a: Value, b: Value): Value => applied(matMulOp, a, b);

/** x with its last two axes swapped. The runtime fuses this into the MatMul that reads it. */
function transposed(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Factor of the product; default 1. */
  readonly alpha?: number;
}

const gemmOp: Op<GemmOptions> = {
  type: "Gemm",
  attributes: ({ transA, transB, alpha }) => ({
    transA: { int: transA ? 1 : 0 },
    transB: { int: transB ? 1 : 0 },
    ...(alpha === undefined ? {} : { alpha: { float: alpha } }),
  }),
  infer: (inputs, { transA, transB }) => {
    const [a, b] = [required(inputs, 0), required(inputs, 1)];
    const [k, m] = transA ? a.shape : [a.shape[1], a.shape[0]];
    const [n, kOfB] = transB ? b.shape : [b.shape[1], b.shape[0]];
    if (a.shape.length !== 2 || b.shape.length !== 2 || m === undefined || n === undefined || k !== kOfB) {
      throw misfit("Gemm", inputs);
    }
    if (a.dtype !== b.dtype) throw misfit("Gemm", inputs);
    const shape = [m, n];
    const bias = inputs[2];
    if (bias && broadcast(bias.shape, shape)?.length !== 2) throw misfit("Gemm", inputs);
    return [{ dtype: a.dtype, shape }];
  },
  // With A and B after transA and transB: ∂A = α·g·Bᵀ and ∂B = α·Aᵀ·g, each transposed back if its operand was.
  backward: (call) => {
    const { a, b, g } = parts(call);
    const { transA = false, transB = false, alpha } = call.options;
    const scaled = alpha === undefined ? {} : { alpha };
    const bias = call.inputs[2];
    return [
      () =>
        transA
          ? gemm(b, g, { transA: transB, transB: true, ...scaled })
          : gemm(g, b, { transB: !transB, ...scaled }),
      () =>
        transB
          ? gemm(g, a, { transA: true, transB: transA, ...scaled })
          : gemm(a, g, { transA: !transA, ...scaled }),
      bias && (() => unbroadcast(g, bias.shape)),
    ];
  },
};

/**
 * alpha·a·b + bias. a: [M,K] ([K,M] with transA), b: [K,N] ([N,K] with transB) → [M,N]; the bias is broadcast.
 * With `transB`, the weight [out,in] of a Hugging Face linear layer is used as stored.
 */
export function gemm(
  a: Value,
  b: Value,
  options: GemmOptions & { readonly bias?: Value | undefined } = {},
): Value {
  const { bias, ...rest } = options;
  return single(a.graph.apply(gemmOp, bias ? [a, b, bias] : [a, b], rest));
}
