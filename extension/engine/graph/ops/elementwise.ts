/** Ops that act on each element alone, with NumPy broadcasting. */
import { broadcast } from "../dim";
import type { Attribute, DType, Op, Value } from "../graph";
import { applied, like, misfit, none, required, single } from "./operands";

function binary(type: string, result?: DType): Op<undefined> {
  return {
    type,
    attributes: none,
    infer: (inputs) => {
      const [a, b] = [required(inputs, 0), required(inputs, 1)];
      const shape = broadcast(a.shape, b.shape);
      if (!shape || a.dtype !== b.dtype) throw misfit(type, inputs);
      return [{ dtype: result ?? a.dtype, shape }];
    },
  };
}

function unary<A = undefined>(
  type: string,
  attributes: (options: A) => Record<string, Attribute> = none,
  domain = "",
): Op<A> {
  return { type, domain, attributes, infer: (inputs) => [like(required(inputs, 0))] };
}

const addOp = binary("Add");
const subOp = binary("Sub");
const mulOp = binary("Mul");
const divOp = binary("Div");
const maxOp = binary("Max");
const andOp = binary("And");
const greaterOp = binary("Greater", "bool");
const lessOp = binary("Less", "bool");
const negOp = unary("Neg");
const sqrtOp = unary("Sqrt");
const reciprocalOp = unary("Reciprocal");
const sigmoidOp = unary("Sigmoid");
const tanhOp = unary("Tanh");
const reluOp = unary("Relu");
const cosOp = unary("Cos");
const sinOp = unary("Sin");
const geluOp = unary<boolean>("Gelu", (tanhForm) => ({
  approximate: { string: tanhForm ? "tanh" : "none" },
}));
const quickGeluOp = unary<number>("QuickGelu", (alpha) => ({ alpha: { float: alpha } }), "com.microsoft");

export const add = (a: Value, b: Value): Value => applied(addOp, a, b);
export const sub = (a: Value, b: Value): Value => applied(subOp, a, b);
export const mul = (a: Value, b: Value): Value => applied(mulOp, a, b);
export const div = (a: Value, b: Value): Value => applied(divOp, a, b);
/** Elementwise larger of the two. */
export const maximum = (a: Value, b: Value): Value => applied(maxOp, a, b);
export const and = (a: Value, b: Value): Value => applied(andOp, a, b);
export const greater = (a: Value, b: Value): Value => applied(greaterOp, a, b);
export const less = (a: Value, b: Value): Value => applied(lessOp, a, b);
export const neg = (x: Value): Value => applied(negOp, x);
export const sqrt = (x: Value): Value => applied(sqrtOp, x);
export const reciprocal = (x: Value): Value => applied(reciprocalOp, x);
export const sigmoid = (x: Value): Value => applied(sigmoidOp, x);
export const tanh = (x: Value): Value => applied(tanhOp, x);
export const relu = (x: Value): Value => applied(reluOp, x);
export const cos = (x: Value): Value => applied(cosOp, x);
export const sin = (x: Value): Value => applied(sinOp, x);

/** Gaussian error linear unit, exact (erf) or in its tanh form. */
export function gelu(x: Value, form: "erf" | "tanh"): Value {
  return single(x.graph.apply(geluOp, [x], form === "tanh"));
}

/** x·σ(αx) in one kernel; α = 1 is SiLU. */
export function quickGelu(x: Value, alpha: number): Value {
  return single(x.graph.apply(quickGeluOp, [x], alpha));
}

const castOp: Op<DType> = {
  type: "Cast",
  attributes: (dtype) => ({ to: { int: onnxType[dtype] } }),
  infer: (inputs, dtype) => [like(required(inputs, 0), dtype)],
};

/** x as another element type; x itself where it has that type already. */
export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : single(x.graph.apply(castOp, [x], dtype));
}

/** Element types as onnx.proto numbers them (TensorProto.DataType). */
export const onnxType: Readonly<Record<DType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

const whereOp: Op<undefined> = {
  type: "Where",
  attributes: none,
  infer: (inputs) => {
    const [condition, a, b] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)];
    const values = broadcast(a.shape, b.shape);
    const shape = values && broadcast(condition.shape, values);
    if (!shape || condition.dtype !== "bool" || a.dtype !== b.dtype) throw misfit("Where", inputs);
    return [{ dtype: a.dtype, shape }];
  },
};

/** a where the condition holds, else b. */
export const where = (condition: Value, a: Value, b: Value): Value => applied(whereOp, condition, a, b);
