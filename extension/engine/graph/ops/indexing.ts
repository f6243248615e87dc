/** Gathering rows and elements by index. */
import { product } from "../dim";
import type { Op, Value } from "../graph";
import { expandLike } from "./broadcast";
import { reshape, zerosLike } from "./layout";
import { applied, like, misfit, parts, required, single } from "./operands";

const gatherOp: Op<undefined> = {
  type: "Gather",
  attributes: () => ({ axis: { int: 0 } }),
  infer: (inputs) => {
    const [table, indices] = [required(inputs, 0), required(inputs, 1)];
    if (indices.dtype !== "int64" && indices.dtype !== "int32") throw misfit("Gather", inputs);
    return [{ dtype: table.dtype, shape: [...indices.shape, ...table.shape.slice(1)] }];
  },
  backward: (call) => {
    const { a: table, b: indices, g } = parts(call);
    const [count, width] = [product(indices.shape), product(table.shape.slice(1))];
    return [() => addRows(zerosLike(table), reshape(indices, [count, 1]), reshape(g, [count, width]))];
  },
};

/** Rows of a table. table: [V,…], indices: [N], or any shape → [N,…]. The gradient requires a matrix as table. */
export function gather(table: Value, indices: Value): Value {
  return single(table.graph.apply(gatherOp, [table, indices], undefined));
}

/** Adds rows [N,H] to the rows of a table [V,H] at indices [N,1]. ScatterND would race if an index occurs twice. */
function addRows(table: Value, indices: Value, rows: Value): Value {
  return single(table.graph.apply(scatterOp, [table, expandLike(indices, rows), rows], { axis: 0 }));
}

const scatterOp: Op<{ readonly axis: number }> = {
  type: "ScatterElements",
  attributes: ({ axis }) => ({ axis: { int: axis }, reduction: { string: "add" } }),
  infer: (inputs) => [like(required(inputs, 0))],
};

const pickOp: Op<undefined> = {
  type: "GatherElements",
  attributes: () => ({ axis: { int: 1 } }),
  infer: (inputs) => {
    const [x, indices] = [required(inputs, 0), required(inputs, 1)];
    if (x.shape.length !== 2 || indices.shape.length !== 2) throw misfit("GatherElements", inputs);
    return [{ dtype: x.dtype, shape: indices.shape }];
  },
  backward: (call) => {
    const { a, b, g } = parts(call);
    return [() => single(a.graph.apply(scatterOp, [zerosLike(a), b, g], { axis: 1 }))];
  },
};

/** Elements of each row by column index. x: [N,V], indices: int64 [N,K] → [N,K]. */
export const pick = (x: Value, indices: Value): Value => applied(pickOp, x, indices);
