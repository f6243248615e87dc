import { printShape } from "../dim";
import type { Call, DType, Inferred, Op, Value } from "../graph";

/** The i-th input of an op that cannot do without it. */
export function required(inputs: readonly (Value | undefined)[], i: number): Value {
  const value = inputs[i];
  if (!value) throw new Error(`input ${i} is missing`);
  return value;
}

/** The one output of a node. */
export function single(outputs: readonly Value[]): Value {
  return required(outputs, 0);
}

/** An output like `value`, of another type where one is given. */
export function like(value: Value, dtype: DType = value.dtype): Inferred {
  return { dtype, shape: value.shape };
}

/** A constant [1] of the same float type as x. */
export function scalar(x: Value, value: number): Value {
  return x.graph.constant(x.dtype === "float64" ? "float64" : "float32", [value]);
}

/** Applies an op that needs no more than its inputs. */
export function applied(op: Op<undefined>, ...inputs: [Value, ...Value[]]): Value {
  return single(inputs[0].graph.apply(op, inputs, undefined));
}

/** What most backward rules start from: up to three inputs, the output y, and the gradient g of the loss by it. */
export function parts<A>({ inputs, outputs, gradients }: Call<A>): {
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

export function misfit(type: string, inputs: readonly (Value | undefined)[]): Error {
  const operands = inputs.map((v) => (v ? `${v.name} ${v.dtype}${printShape(v.shape)}` : "-"));
  return new Error(`${type} does not fit ${operands.join(" and ")}`);
}

export const none = (): Record<string, never> => ({});
