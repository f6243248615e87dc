import { printShape } from "../dim";
import type { DType, Inferred, Op, Value } from "../graph";

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

/** Applies an op that needs no more than its inputs. */
export function applied(op: Op<undefined>, ...inputs: [Value, ...Value[]]): Value {
  return single(inputs[0].graph.apply(op, inputs, undefined));
}

export function misfit(type: string, inputs: readonly (Value | undefined)[]): Error {
  const operands = inputs.map((v) => (v ? `${v.name} ${v.dtype}${printShape(v.shape)}` : "-"));
  return new Error(`${type} does not fit ${operands.join(" and ")}`);
}

export const none = (): Record<string, never> => ({});
