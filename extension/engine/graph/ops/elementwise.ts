/** Elementwise ops with NumPy broadcasting. */
import { broadcast } from "../dim";
import type { DType, Op, OpCall, Value } from "../graph";
import { onnxType } from "../onnx-types";
import { unbroadcast } from "./broadcast";
import { applied, like, misfit, none, parts, required, scalar, single } from "./operands";

/** Gradients of both operands, before they are summed over broadcast axes. */
interface Slopes {
  readonly a: () => Value;
  readonly b: () => Value;
}

function binary(type: string, slopes: (call: OpCall<undefined>) => Slopes): Op<undefined> {
  return {
    type,
    attributes: none,
    infer: (inputs) => [broadcasted(type, inputs)],
    backward: (call) => {
      const { a, b } = parts(call);
      const slope = slopes(call);
      return [() => unbroadcast(slope.a(), a.shape), () => unbroadcast(slope.b(), b.shape)];
    },
  };
}

/** Comparisons and logical ops, which have no gradient. */
function logical(type: string): Op<undefined> {
  return { type, attributes: none, infer: (inputs) => [{ ...broadcasted(type, inputs), dtype: "bool" }] };
}

function unary(type: string, slope?: (call: OpCall<undefined>) => Value): Op<undefined> {
  return {
    type,
    attributes: none,
    infer: (inputs) => [like(required(inputs, 0))],
    ...(slope && { backward: (call) => [() => slope(call)] }),
  };
}

function broadcasted(type: string, inputs: readonly (Value | undefined)[]) {
  const [a, b] = [required(inputs, 0), required(inputs, 1)];
  const shape = broadcast(a.shape, b.shape);
  if (!shape || a.dtype !== b.dtype) throw misfit(type, inputs);
  return { dtype: a.dtype, shape };
}

const addOp = binary("Add", (call) => {
  const { g } = parts(call);
  return { a: () => g, b: () => g };
});
const subOp = binary("Sub", (call) => {
  const { g } = parts(call);
  return { a: () => g, b: () => neg(g) };
});
const mulOp = binary("Mul", (call) => {
  const { a, b, g } = parts(call);
  return { a: () => mul(g, b), b: () => mul(g, a) };
});
const divOp = binary("Div", (call) => {
  const { b, y, g } = parts(call);
  return { a: () => div(g, b), b: () => neg(div(mul(g, y), b)) };
});
/** If both elements are equal, the gradient goes to the first. */
const maxOp = binary("Max", (call) => {
  const { a, b, g } = parts(call);
  const zero = scalar(g, 0);
  return { a: () => where(less(a, b), zero, g), b: () => where(less(a, b), g, zero) };
});
const andOp = logical("And");
const orOp = logical("Or");
const greaterOp = logical("Greater");
const lessOp = logical("Less");
const negOp = unary("Neg", (call) => neg(parts(call).g));
const sqrtOp = unary("Sqrt", (call) => {
  const { y, g } = parts(call);
  return div(mul(g, scalar(g, 0.5)), y);
});
const reciprocalOp = unary("Reciprocal", (call) => {
  const { y, g } = parts(call);
  return neg(mul(g, mul(y, y)));
});
const expOp = unary("Exp", (call) => {
  const { y, g } = parts(call);
  return mul(g, y);
});
const logOp = unary("Log", (call) => {
  const { a, g } = parts(call);
  return div(g, a);
});
const erfOp = unary("Erf", (call) => {
  const { a, g } = parts(call);
  return mul(g, mul(scalar(g, 2 / Math.sqrt(Math.PI)), exp(neg(mul(a, a)))));
});
const sigmoidOp = unary("Sigmoid", (call) => {
  const { y, g } = parts(call);
  return mul(g, mul(y, sub(scalar(y, 1), y)));
});
const tanhOp = unary("Tanh", (call) => {
  const { y, g } = parts(call);
  return mul(g, sub(scalar(y, 1), mul(y, y)));
});
const cosOp = unary("Cos", (call) => {
  const { a, g } = parts(call);
  return neg(mul(g, sin(a)));
});
const sinOp = unary("Sin", (call) => {
  const { a, g } = parts(call);
  return mul(g, cos(a));
});

export const add = (a: Value, b: Value): Value => applied(addOp, a, b);
export const sub = (a: Value, b: Value): Value => applied(subOp, a, b);
export const mul = (a: Value, b: Value): Value => applied(mulOp, a, b);
export const div = (a: Value, b: Value): Value => applied(divOp, a, b);
/** Elementwise larger of the two. */
export const maximum = (a: Value, b: Value): Value => applied(maxOp, a, b);
export const and = (a: Value, b: Value): Value => applied(andOp, a, b);
export const or = (a: Value, b: Value): Value => applied(orOp, a, b);
export const greater = (a: Value, b: Value): Value => applied(greaterOp, a, b);
export const less = (a: Value, b: Value): Value => applied(lessOp, a, b);
export const neg = (x: Value): Value => applied(negOp, x);
export const sqrt = (x: Value): Value => applied(sqrtOp, x);
export const reciprocal = (x: Value): Value => applied(reciprocalOp, x);
export const exp = (x: Value): Value => applied(expOp, x);
export const log = (x: Value): Value => applied(logOp, x);
/** The error function. */
export const erf = (x: Value): Value => applied(erfOp, x);
export const sigmoid = (x: Value): Value => applied(sigmoidOp, x);
export const tanh = (x: Value): Value => applied(tanhOp, x);
export const cos = (x: Value): Value => applied(cosOp, x);
export const sin = (x: Value): Value => applied(sinOp, x);

const castOp: Op<DType> = {
  type: "Cast",
  attributes: (dtype) => ({ to: { int: onnxType[dtype] } }),
  infer: (inputs, dtype) => [like(required(inputs, 0), dtype)],
  backward: (call) => [() => cast(parts(call).g, parts(call).a.dtype)],
};

/** x converted to another element type; x itself if it already has that type. */
export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : single(x.graph.apply(castOp, [x], dtype));
}

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
  backward: (call) => {
    const { a: condition, b: yes, c: no, g } = parts(call);
    const zero = scalar(g, 0);
    return [
      undefined,
      () => unbroadcast(where(condition, g, zero), yes.shape),
      () => unbroadcast(where(condition, zero, g), no.shape),
    ];
  },
};

/** Elements of a where the condition is true, elements of b elsewhere. */
export const where = (condition: Value, a: Value, b: Value): Value => applied(whereOp, condition, a, b);
