/** Checks every backward rule against central differences. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differentiate } from "../../../../extension/engine/graph/differentiate";
import {
  Graph,
  type Node,
  type Op,
  type Pullback,
  type Value,
} from "../../../../extension/engine/graph/graph";
import {
  groupQueryAttention,
  groupQueryAttentionOnPast,
} from "../../../../extension/engine/graph/ops/attention";
import { and, cast, greater, less, or } from "../../../../extension/engine/graph/ops/elementwise";
import {
  leading,
  range,
  reshape,
  shapeOf,
  sizeAlong,
  sizeOf,
  zerosLike,
} from "../../../../extension/engine/graph/ops/layout";
import {
  layerNormalization,
  simplifiedLayerNormalization,
} from "../../../../extension/engine/graph/ops/normalization";
import { elementwiseCases } from "./elementwise-cases";
import { type Build, type Case, differences, expectClose, lossOf, reverse } from "./gradient-check";
import { layoutCases } from "./layout-cases";
import { matrixCases } from "./matrix-cases";

const families = { elementwise: elementwiseCases, layout: layoutCases, "matrices and axes": matrixCases };
const cases = Object.values(families).flat();
const nameOf = ({ of, detail }: Case): string => (detail ? `${of.name}, ${detail}` : of.name);

describe.each(Object.entries(families))("%s", (_, family) => {
  it.each(family.map((test) => [nameOf(test), test] as const))("%s", async (_, test) => {
    const { inputs, build, formula, dtype = "float64" } = test;
    const gradients = await reverse(lossOf(inputs, build, dtype));
    const isExact = dtype === "float64";
    const moved = await differences(lossOf(inputs, build, dtype), isExact ? 1e-5 : 1e-2);
    expectClose(gradients, moved, isExact ? 1e-7 : 1e-2);
    if (formula) expectClose(gradients, await differences(lossOf(inputs, formula), 1e-5), 1e-5);
  });
});

type Named = { readonly name: string };

const oneHead = { heads: 1, keyValueHeads: 1, scale: 1 };

function attentionOperands(x: Value): [Value, Value, Value, { readonly last: Value; readonly total: Value }] {
  const states = reshape(x, ["B", 1, 4]);
  const last = cast(range(x.graph, "B"), "int32");
  return [states, states, states, { last, total: x.graph.constant("int32", [1], []) }];
}

/** Functions that add ops without a gradient. */
const frozen: readonly [Named, Build][] = [
  [and, (x) => and(less(x, x), less(x, x))],
  [or, (x) => or(less(x, x), less(x, x))],
  [greater, (x) => greater(x, x)],
  [less, (x) => less(x, x)],
  [leading, (x) => leading(x, 0, sizeOf(x.graph, "B"), "B")],
  [range, ({ graph }) => range(graph, "B")],
  [shapeOf, shapeOf],
  [sizeAlong, (x) => sizeAlong(x, 0)],
  [sizeOf, ({ graph }) => sizeOf(graph, "B")],
  [zerosLike, zerosLike],
  [simplifiedLayerNormalization, (x, weight) => simplifiedLayerNormalization(x, weight, 1)],
  [layerNormalization, (x, weight) => layerNormalization(x, weight, weight, 1)],
  [groupQueryAttention, (x) => groupQueryAttention(...attentionOperands(x), undefined, oneHead)],
  [
    groupQueryAttentionOnPast,
    (x) => {
      const [q, k, v, lengths] = attentionOperands(x);
      const keys = reshape(x, ["B", 1, 1, 4]);
      return groupQueryAttentionOnPast(q, k, v, { keys, values: keys }, lengths, undefined, oneHead).mixed;
    },
  ],
];

function frozenNodes(build: Build): Node[] {
  const graph = new Graph();
  build(graph.input("x", "float32", ["B", 4]), graph.input("weight", "float32", [4]));
  return graph.nodes;
}

/** Nodes of a case after differentiation. `onPull` is called for each pullback that is used. */
function differentiated(
  { inputs, build, dtype }: Case,
  onPull: (op: Op<never>, input: number) => void,
): Node[] {
  const { graph, loss, parameters } = lossOf(inputs, build, dtype);
  graph.nodes.forEach((node, at) => {
    const { backward, op } = node;
    if (!backward) return;
    const watched = (pullback: Pullback | undefined, i: number): Pullback | undefined =>
      pullback &&
      (() => {
        onPull(op, i);
        return pullback();
      });
    graph.nodes[at] = { ...node, backward: (gradients) => backward(gradients).map(watched) };
  });
  differentiate(loss, parameters);
  return graph.nodes;
}

describe("the test cases", () => {
  it("cover every function that adds an op", async () => {
    const folder = join(import.meta.dirname, "../../../../extension/engine/graph/ops");
    const files = readdirSync(folder).filter((file) => file !== "operands.ts");
    const modules: Record<string, unknown>[] = await Promise.all(
      files.map((file) => import(join(folder, file))),
    );
    const named = new Set<unknown>([...cases.map(({ of }) => of), ...frozen.map(([of]) => of)]);
    const missing = modules.flatMap((exports) =>
      Object.entries(exports).flatMap(([name, value]) => (named.has(value) ? [] : [name])),
    );
    expect(modules.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it("cover the backward rule of every op, for every input that has a gradient", () => {
    const pulled = new Map<Op<never>, Set<number>>();
    const onPull = (op: Op<never>, input: number): void => {
      pulled.set(op, (pulled.get(op) ?? new Set()).add(input));
    };
    const nodes = [
      ...cases.flatMap((test) => differentiated(test, onPull)),
      ...frozen.flatMap(([, build]) => frozenNodes(build)),
    ];
    const unchecked = nodes.flatMap(({ op, backward, outputs }) => {
      const pullbacks = backward?.(outputs) ?? [];
      return pullbacks.flatMap((pullback, i) =>
        !pullback || pulled.get(op)?.has(i) ? [] : [`${op.type}, input ${i}`],
      );
    });
    expect([...new Set(unchecked)]).toEqual([]);
    expect(pulled.size).toBeGreaterThan(30);
  });
});
