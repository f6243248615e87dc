/** Gradient checks of the ops that move, broadcast, select and sum elements. */
import type { Shape } from "../../../../extension/engine/graph/dim";
import { expand, expandLike, sum, unbroadcast } from "../../../../extension/engine/graph/ops/broadcast";
import { mul } from "../../../../extension/engine/graph/ops/elementwise";
import { gather, pick } from "../../../../extension/engine/graph/ops/indexing";
import {
  concat,
  reshape,
  reshapeTo,
  shapeOf,
  split,
  transpose,
} from "../../../../extension/engine/graph/ops/layout";
import { required } from "../../../../extension/engine/graph/ops/operands";
import type { Case } from "./gradient-check";

/** Input from which the graph reads the sizes B and T. */
const sizes = { shape: ["B", "T"], indices: [0, 0, 0, 0, 0, 0] };

const reshaped: readonly [Shape, Shape][] = [
  [
    ["B", "T", 4],
    ["B*T", 4],
  ],
  [
    ["B*T", 4],
    ["B", "T", 2, 2],
  ],
  [
    ["B", 1, "T"],
    ["T", "B"],
  ],
  [[2, 3], [6]],
];
const reshapes = reshaped.map(
  ([from, to]): Case => ({
    of: reshape,
    detail: `[${from}] to [${to}]`,
    inputs: [{ shape: from }, sizes],
    build: (x) => reshape(x, to),
  }),
);

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 2, 0],
  [2, 0, 1],
];
const transposes = permutations.map(
  (permutation): Case => ({
    of: transpose,
    detail: `${permutation}`,
    inputs: [{ shape: ["B", "T", 2] }],
    build: (x) => transpose(x, permutation),
  }),
);

const joins = [1, -2].map(
  (axis): Case => ({
    of: concat,
    detail: `axis ${axis}`,
    inputs: [2, 1, 3, 1].map((size) => ({ shape: ["B", size, "T"] })),
    build: (...values) => concat(values, axis),
  }),
);

const cuts: readonly Case[] = [
  {
    of: split,
    inputs: [{ shape: ["B", 4] }],
    build: (x) => {
      const pieces = split(x, [1, 2, 1], -1);
      return mul(mul(required(pieces, 0), required(pieces, 1)), required(pieces, 2));
    },
  },
  ...[0, 1, 2].map(
    (i): Case => ({
      of: split,
      detail: `piece ${i} alone`,
      inputs: [{ shape: ["B", 4, "T"] }],
      build: (x) => required(split(x, [1, 2, 1], 1), i),
    }),
  ),
];

const others: readonly Case[] = [
  {
    of: { name: "output" },
    inputs: [{ shape: ["B", 2] }],
    build: (x) => {
      x.graph.output("y", x);
      return required(x.graph.outputs, 0);
    },
  },
  {
    of: reshapeTo,
    inputs: [{ shape: ["T", "B"] }, sizes],
    build: (x, like) => reshapeTo(x, shapeOf(like), ["B", "T"]),
  },
  { of: expand, inputs: [{ shape: ["B", 1, 2] }, sizes], build: (x) => expand(x, ["B", "T", 2]) },
  { of: expand, detail: "new axes", inputs: [{ shape: [2] }, sizes], build: (x) => expand(x, ["B", "T", 2]) },
  { of: expandLike, inputs: [{ shape: ["B", 1] }, sizes], build: expandLike },
  { of: unbroadcast, inputs: [{ shape: ["B", "T", 2] }], build: (x) => unbroadcast(x, ["T", 1]) },
];

const sums = [[0], [1], [-1], [0, 2], [0, 1, 2]].map(
  (axes): Case => ({
    of: sum,
    detail: `axes ${axes}`,
    inputs: [{ shape: ["B", "T", 2] }],
    build: (x) => sum(x, ...axes),
  }),
);

const picks: readonly Case[] = [
  {
    of: gather,
    detail: "a row several times",
    inputs: [{ shape: [5, 3] }, { shape: ["N"], indices: [1, 4, 1, 0, 1] }],
    build: gather,
  },
  {
    of: gather,
    detail: "from symbolic rows",
    inputs: [{ shape: ["T", 2] }, { shape: ["N"], indices: [2, 0, 2, 1, 1] }],
    build: gather,
  },
  {
    of: gather,
    detail: "by indices in two axes",
    inputs: [{ shape: [5, 2] }, { shape: ["B", "T"], indices: [0, 3, 3, 1, 0, 3] }],
    build: gather,
  },
  {
    of: pick,
    detail: "an element several times",
    inputs: [{ shape: ["B", 4] }, { shape: ["B", "T"], indices: [3, 0, 3, 1, 1, 1] }],
    build: pick,
  },
];

export const layoutCases: readonly Case[] = [
  ...reshapes,
  ...transposes,
  ...joins,
  ...cuts,
  ...others,
  ...sums,
  ...picks,
];
