/** Ops that move, select or count elements. */
import { axisOf, type Dim, product, quotient, type Shape, sameShape } from "../dim";
import type { DType, Graph, Op, Value } from "../graph";
import { misfit, none, parts, required, single } from "./operands";

const shapeOp: Op<number> = {
  type: "Shape",
  attributes: (axis) => ({ start: { int: axis }, end: { int: axis + 1 } }),
  infer: () => [{ dtype: "int64", shape: [1] }],
};

/** Size of one axis as int64 [1], read when the graph is evaluated. */
export function sizeAlong(x: Value, axis: number): Value {
  return single(x.graph.apply(shapeOp, [x], axis));
}

const wholeShapeOp: Op<undefined> = {
  type: "Shape",
  attributes: none,
  infer: (inputs) => [{ dtype: "int64", shape: [required(inputs, 0).shape.length] }],
};

/** Sizes of all axes as int64 [rank], read when the graph is evaluated. */
export function shapeOf(x: Value): Value {
  return single(x.graph.apply(wholeShapeOp, [x], undefined));
}

const zerosOp: Op<{ readonly shape: Shape; readonly dtype: DType }> = {
  type: "ConstantOfShape",
  attributes: ({ dtype }) => ({ value: { zero: dtype } }),
  infer: (_, { shape, dtype }) => [{ dtype, shape }],
};

/** Zeros of the shape and type of x. */
export function zerosLike(x: Value): Value {
  return single(x.graph.apply(zerosOp, [shapeOf(x)], { shape: x.shape, dtype: x.dtype }));
}

/** A dimension as int64 [1]: a constant, or read from a graph input when the graph is evaluated. */
export function sizeOf(graph: Graph, dim: Dim): Value {
  if (typeof dim === "number") return graph.constant("int64", [dim]);
  const { input, axis } = graph.source(dim);
  return sizeAlong(input, axis);
}

interface Target {
  readonly shape: Shape;
}

const reshapeOp: Op<Target> = {
  type: "Reshape",
  attributes: none,
  infer: (inputs, { shape }) => {
    const x = required(inputs, 0);
    if (quotient(product(x.shape), product(shape)) !== 1) throw misfit(`Reshape to [${shape}]`, inputs);
    return [{ dtype: x.dtype, shape }];
  },
  backward: (call) => {
    const { a, g } = parts(call);
    return [() => reshape(g, a.shape)];
  },
};

/** x with another shape. Of several symbolic dimensions, all but the last must be dimensions of graph inputs. */
export function reshape(x: Value, shape: Shape): Value {
  const { graph } = x;
  const symbolic = shape.filter((dim) => typeof dim === "string");
  // Reshape infers one unknown size (-1). If there are several, all but the last are read from the inputs.
  const inferred = shape.lastIndexOf(symbolic.at(-1) ?? "");
  const target =
    symbolic.length <= 1
      ? graph.constant(
          "int64",
          shape.map((dim) => (typeof dim === "number" ? dim : -1)),
        )
      : concat(
          shape.map((dim, i) => (i === inferred ? graph.constant("int64", [-1]) : sizeOf(graph, dim))),
          0,
        );
  return reshapeTo(x, target, shape);
}

/** x reshaped to `target` (int64 [rank]), whose symbolic form is `shape`. */
export function reshapeTo(x: Value, target: Value, shape: Shape): Value {
  return single(x.graph.apply(reshapeOp, [x, target], { shape }));
}

const transposeOp: Op<readonly number[]> = {
  type: "Transpose",
  attributes: (permutation) => ({ perm: { ints: permutation } }),
  infer: (inputs, permutation) => {
    const x = required(inputs, 0);
    return [{ dtype: x.dtype, shape: permutation.map((axis) => x.shape[axisOf(axis, x.shape)] ?? 1) }];
  },
  backward: (call) => {
    const inverse = call.options.map((_, axis) => call.options.indexOf(axis));
    return [() => transpose(parts(call).g, inverse)];
  },
};

export function transpose(x: Value, permutation: readonly number[]): Value {
  return single(x.graph.apply(transposeOp, [x], permutation));
}

const concatOp: Op<number> = {
  type: "Concat",
  attributes: (axis) => ({ axis: { int: axis } }),
  infer: (inputs, axis) => {
    const first = required(inputs, 0);
    const along = axisOf(axis, first.shape);
    let total = 0;
    for (let i = 0; i < inputs.length; i++) {
      const { dtype, shape } = required(inputs, i);
      const size = shape[along];
      if (typeof size !== "number") throw misfit("Concat along a symbolic axis", inputs);
      const rest = first.shape.map((dim, axis) => (axis === along ? size : dim));
      if (dtype !== first.dtype || !sameShape(shape, rest)) throw misfit("Concat", inputs);
      total += size;
    }
    return [{ dtype: first.dtype, shape: first.shape.map((dim, i) => (i === along ? total : dim)) }];
  },
  backward: (call) => {
    const { g } = parts(call);
    const sizes = call.inputs.map((_, i) => Number(required(call.inputs, i).shape.at(call.options)));
    let pieces: Value[] | undefined;
    return sizes.map((_, i) => () => {
      pieces ??= split(g, sizes, call.options);
      return required(pieces, i);
    });
  },
};

/** Concatenates values along an axis, whose size must not be symbolic. */
export function concat(values: readonly Value[], axis: number): Value {
  const first = required(values, 0);
  return single(first.graph.apply(concatOp, values, axis));
}

interface Split {
  readonly sizes: readonly number[];
  readonly axis: number;
}

const splitOp: Op<Split> = {
  type: "Split",
  attributes: ({ axis }) => ({ axis: { int: axis } }),
  infer: (inputs, { sizes, axis }) => {
    const x = required(inputs, 0);
    const along = axisOf(axis, x.shape);
    if (x.shape[along] !== sizes.reduce((total, size) => total + size, 0)) {
      throw misfit(`Split into ${sizes}`, inputs);
    }
    return sizes.map((size) => ({
      dtype: x.dtype,
      shape: x.shape.map((dim, i) => (i === along ? size : dim)),
    }));
  },
  backward: ({ outputs, gradients, options: { axis } }) => [
    () =>
      concat(
        outputs.map((output, i) => gradients[i] ?? zerosLike(output)),
        axis,
      ),
  ],
};

/** Splits x along an axis into parts of the given sizes. Throws if they do not sum to the axis' size. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  return x.graph.apply(splitOp, [x, x.graph.constant("int64", sizes)], { sizes, axis });
}

interface Start {
  readonly axis: number;
  readonly dim: Dim;
}

const sliceOp: Op<Start> = {
  type: "Slice",
  attributes: none,
  infer: (inputs, { axis, dim }) => {
    const [x, count] = [required(inputs, 0), required(inputs, 2)];
    if (count.dtype !== "int64" || !sameShape(count.shape, [1])) throw misfit("Slice", inputs);
    const along = axisOf(axis, x.shape);
    return [{ dtype: x.dtype, shape: x.shape.map((size, i) => (i === along ? dim : size)) }];
  },
};

/** The first `count` (int64 [1]) elements along an axis; `dim` is the resulting size. It has no gradient. */
export function leading(x: Value, axis: number, count: Value, dim: Dim): Value {
  const [start, axes] = [x.graph.constant("int64", [0]), x.graph.constant("int64", [axis])];
  return single(x.graph.apply(sliceOp, [x, start, count, axes], { axis, dim }));
}

const rangeOp: Op<Dim> = {
  type: "Range",
  attributes: none,
  infer: (_, dim) => [{ dtype: "int64", shape: [dim] }],
};

/** 0, 1, …, dim − 1 as int64 [dim]. */
export function range(graph: Graph, dim: Dim): Value {
  const [start, step] = [graph.constant("int64", [0], []), graph.constant("int64", [1], [])];
  return single(graph.apply(rangeOp, [start, reshape(sizeOf(graph, dim), []), step], dim));
}
