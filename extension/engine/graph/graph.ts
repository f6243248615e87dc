/** Builds ONNX graphs whose values have an element type and a symbolic shape. */
import { type Dim, printShape, product, type Shape } from "./dim";

export type DType = "float32" | "float64" | "float16" | "bfloat16" | "int64" | "int32" | "bool";

/** A tensor of the graph: an input, an initializer or the output of a node. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** An ONNX attribute, tagged by type because 1 can be an int or a float. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  /** A tensor [1] that holds a zero of this type. */
  | { readonly zero: DType };

/** An ONNX operator, with type and shape inference and a backward rule. A: its options. */
export interface Op<A> {
  readonly type: string;
  /** Empty or absent for standard ONNX operators, `com.microsoft` for the runtime's own. */
  readonly domain?: string;
  attributes(options: A): Readonly<Record<string, Attribute>>;
  /** Types and shapes of the outputs. An omitted optional input is undefined. Throws if the inputs do not fit. */
  infer(inputs: readonly (Value | undefined)[], options: A): readonly Inferred[];
  /** Vector-Jacobian product for each input; undefined for an input without a gradient. Absent if the op has none. */
  backward?(call: OpCall<A>): readonly (Pullback | undefined)[];
}

/** A node of a graph, as its backward rule sees it. */
export interface OpCall<A> {
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly options: A;
  /** Gradient of the loss with respect to each output; undefined if the loss does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/** Builds the gradient of one input, of that input's shape. Called only if the gradient is needed. */
export type Pullback = () => Value;

export interface Inferred {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A node without the type of its options, as serialization and differentiation traverse it. */
export interface Node {
  readonly op: Op<never>;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The op's backward rule, bound to this node. */
  readonly backward?: (gradients: readonly (Value | undefined)[]) => readonly (Pullback | undefined)[];
}

/** Bytes of an initializer: in memory, or a range of a file (ONNX external data; offset and length in bytes). */
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

  /** Adds a graph input, from whose shape `reshape` and `sizeOf` can read its symbolic dimensions. */
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

  /** A small constant, by default a vector. Equal constants are stored once. */
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

  /** Adds a node and returns its outputs, called `names` if given. Throws if the inputs do not fit the op. */
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

  /** Adds a graph output called `name`. */
  output(name: string, value: Value): void {
    this.outputs.push(...this.apply(identity, [value], undefined, [name]));
  }

  /** An input and an axis of it from which the size of a symbol can be read. Throws if there is none. */
  source(symbol: Dim): { readonly input: Value; readonly axis: number } {
    for (const input of this.inputs) {
      const axis = input.shape.indexOf(symbol);
      if (axis >= 0) return { input, axis };
    }
    throw new Error(`no input has the dimension ${symbol}`);
  }

  #value(name: string, dtype: DType, shape: Shape): Value {
    if (this.#names.has(name)) throw new Error(`the graph already has a value called ${name}`);
    this.#names.add(name);
    return { graph: this, name, dtype, shape };
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#names.size}`;
  }
}

/** Returns its input under another name. */
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
