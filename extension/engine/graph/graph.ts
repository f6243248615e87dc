/** A typed ONNX graph under construction: values know their element type and symbolic shape. */
import { type Dim, printShape, product, type Shape } from "./dim";

export type DType = "float32" | "float64" | "float16" | "bfloat16" | "int64" | "int32" | "bool";

/** A tensor of the graph: an input, an initializer or the output of a node. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** ONNX attributes are typed, and 1 may be an int or a float: hence the tags. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  /** One zero of a type, as a tensor. */
  | { readonly zero: DType };

/** One ONNX operator: its name, what it makes of its inputs' types and shapes, and how a gradient passes it backwards. */
export interface Op<A> {
  readonly type: string;
  /** `""` is ONNX itself, `com.microsoft` the runtime's own operators. */
  readonly domain?: string;
  attributes(options: A): Readonly<Record<string, Attribute>>;
  /** Throws where the inputs do not fit. An absent optional input is undefined. */
  infer(inputs: readonly (Value | undefined)[], options: A): readonly Inferred[];
  /** The vector-Jacobian product, by input; an input without an entry has no gradient. Absent: no gradient passes. */
  backward?(call: Call<A>): readonly (Pullback | undefined)[];
}

/** A node as its backward rule sees it. */
export interface Call<A> {
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly options: A;
  /** Gradient of the loss by each output; undefined where the loss does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/** Builds the gradient of one input, in that input's shape. Called only where it is wanted. */
export type Pullback = () => Value;

export interface Inferred {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** The same node whatever its op's options: what serialization and differentiation walk over. */
export interface Node {
  readonly op: Op<never>;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The op's backward rule on this node. */
  readonly backward?: (gradients: readonly (Value | undefined)[]) => readonly (Pullback | undefined)[];
}

/** Bytes of an initializer: held here, or left where they are in a file (ONNX external data). */
export type Data =
  | { readonly bytes: Uint8Array }
  | { readonly location: string; readonly offset: number; readonly length: number };

export interface Initializer {
  readonly value: Value;
  readonly data: Data;
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly initializers: Initializer[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, Value>();

  /** A graph input; its symbolic dimensions become known to `reshape`. */
  input(name: string, dtype: DType, shape: Shape): Value {
    const value = this.#value(name, dtype, shape);
    this.inputs.push(value);
    return value;
  }

  initializer(name: string, dtype: DType, shape: readonly number[], data: Data): Value {
    const value = this.#value(name, dtype, shape);
    this.initializers.push({ value, data });
    return value;
  }

  /** A small constant of `shape` (default: a vector); equal ones are stored once. */
  constant(
    dtype: "float32" | "float64" | "int64" | "int32",
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): Value {
    if (product(shape) !== values.length)
      throw new Error(`${values.length} values do not fill ${printShape(shape)}`);
    const key = `${dtype} ${shape} ${values}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const value = this.initializer(this.#fresh("const"), dtype, shape, { bytes: bytesOf(dtype, values) });
    this.#constants.set(key, value);
    return value;
  }

  /** Adds a node. Returns its outputs, typed by the op's own inference, under `names` or fresh ones. */
  apply<A>(
    op: Op<A>,
    inputs: readonly (Value | undefined)[],
    options: A,
    names: readonly string[] = [],
  ): Value[] {
    for (const input of inputs) {
      if (input && input.graph !== this)
        throw new Error(`${op.type}: ${input.name} belongs to another graph`);
    }
    const outputs = op
      .infer(inputs, options)
      .map(({ dtype, shape }, i) => this.#value(names[i] ?? this.#fresh(op.type), dtype, shape));
    this.nodes.push({
      op: op as Op<never>,
      inputs,
      outputs,
      attributes: op.attributes(options),
      ...(op.backward && {
        backward: (gradients) => op.backward?.({ inputs, outputs, options, gradients }) ?? [],
      }),
    });
    return outputs;
  }

  /** Marks a value as a result, under the name the caller reads it by. */
  output(name: string, value: Value): void {
    this.outputs.push(...this.apply(identity, [value], undefined, [name]));
  }

  /** Where the size of a symbol can be read when the graph runs: an input and one of its axes. */
  source(symbol: Dim): { readonly input: Value; readonly axis: number } {
    for (const input of this.inputs) {
      const axis = input.shape.indexOf(symbol);
      if (axis >= 0) return { input, axis };
    }
    throw new Error(`no input has the dimension ${symbol}`);
  }

  #value(name: string, dtype: DType, shape: Shape): Value {
    if (this.#names.has(name)) throw new Error(`two values of the graph are called ${name}`);
    this.#names.add(name);
    return { graph: this, name, dtype, shape };
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#names.size}`;
  }
}

/** Passes a value on under another name. */
const identity: Op<undefined> = {
  type: "Identity",
  attributes: () => ({}),
  infer: ([x]) => (x ? [{ dtype: x.dtype, shape: x.shape }] : []),
  backward: ({ gradients: [g] }) => [g && (() => g)],
};

function bytesOf(dtype: "float32" | "float64" | "int64" | "int32", values: readonly number[]): Uint8Array {
  switch (dtype) {
    case "float32":
      return new Uint8Array(Float32Array.from(values).buffer);
    case "float64":
      return new Uint8Array(Float64Array.from(values).buffer);
    case "int32":
      return new Uint8Array(Int32Array.from(values).buffer);
    case "int64":
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  }
}
