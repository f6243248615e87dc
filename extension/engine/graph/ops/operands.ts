/** Helpers with which ops read their operands and describe their outputs. */
import { printShape } from "../dim";
import type { DType, Inferred, Op, OpCall, Value } from "../graph";

/** The value at index i. Throws if it is missing. */
export function required(inputs: readonly (Value | undefined)[], i: number): Value {
  const value = inputs[i];
  if (!value) throw new Error(`input ${i} is missing`);
  return value;
}

/** The first output of a node. */
export function single(outputs: readonly Value[]): Value {
  return required(outputs, 0);
}

/** An output of the shape of `value`, and of its type unless `dtype` is given. */
export function like(value: Value, dtype: DType = value.dtype): Inferred {
  return { dtype, shape: value.shape };
}

/** A constant [1]: float64 if x is, otherwise float32. */
export function scalar(x: Value, value: number): Value {
  return x.graph.constant(x.dtype === "float64" ? "float64" : "float32", [value]);
}

/** Applies an op without options. Returns its first output. */
export function applied(op: Op<undefined>, ...inputs: [Value, ...Value[]]): Value {
  return single(inputs[0].graph.apply(op, inputs, undefined));
}

/** The inputs a, b, c and output y of a call, and the gradient g of the loss with respect to y. */
export function parts<A>({ inputs, outputs, gradients }: OpCall<A>): {
  readonly a: Value;
  readonly b: Value;
  readonly c: Value;
  readonly y: Value;
  readonly g: Value;
} {
  return {
    get a() {
      return required(inputs, 0);
    },
    get b() {
      return required(inputs, 1);
    },
    get c() {
      return required(inputs, 2);
    },
    y: single(outputs),
    g: required(gradients, 0),
  };
}

/** The error of an op whose inputs have types or shapes that it does not accept. */
export function misfit(type: string, inputs: readonly (Value | undefined)[]): Error {
  const operands = inputs.map((v) => (v ? `${v.name} ${v.dtype}${printShape(v.shape)}` : "-"));
  return new Error(`${type} does not fit ${operands.join(" and ")}`);
}

/** The attributes of an op that has none. */
export const none = (): Record<string, never> => ({});
