/** Which nodes differentiation adds, for which values, and when it throws. */
import { describe, expect, it } from "vitest";
import { differentiate } from "../../../../extension/engine/graph/differentiate";
import { Graph, type Value } from "../../../../extension/engine/graph/graph";
import { groupQueryAttention } from "../../../../extension/engine/graph/ops/attention";
import { sum } from "../../../../extension/engine/graph/ops/broadcast";
import {
  add,
  cast,
  cos,
  exp,
  greater,
  maximum,
  mul,
  sin,
  tanh,
  where,
} from "../../../../extension/engine/graph/ops/elementwise";
import { reshape } from "../../../../extension/engine/graph/ops/layout";
import { matMul } from "../../../../extension/engine/graph/ops/matrix";
import { simplifiedLayerNormalization } from "../../../../extension/engine/graph/ops/normalization";
import { scalar } from "../../../../extension/engine/graph/ops/operands";
import { type Build, differences, expectClose, lossOf, open, reverse, tensor } from "./gradient-check";

const total = (x: Value): Value => sum(reshape(x, [4]), 0);

/** A graph with inputs x, y: float32 [2,2]. */
function pair(): { graph: Graph; x: Value; y: Value } {
  const graph = new Graph();
  return { graph, x: graph.input("x", "float32", [2, 2]), y: graph.input("y", "float32", [2, 2]) };
}

/** Op types of the nodes that differentiation adds. */
function added(loss: Value, ...parameters: Value[]): string[] {
  const before = loss.graph.nodes.length;
  differentiate(loss, parameters);
  return loss.graph.nodes.slice(before).map(({ op }) => op.type);
}

function attention(x: Value): Value {
  const states = reshape(x, [1, 2, 2]);
  const lengths = { last: x.graph.constant("int32", [1]), total: x.graph.constant("int32", [2], []) };
  const mixed = groupQueryAttention(states, states, states, lengths, undefined, {
    heads: 1,
    keyValueHeads: 1,
    scale: 1,
  });
  return reshape(mixed, [2, 2]);
}

describe("a value used several times", () => {
  const uses: readonly [string, Build][] = [
    ["twice by one node", (x) => mul(x, x)],
    [
      "by several nodes",
      (x) => {
        const h = sin(x);
        return add(mul(h, exp(h)), add(h, x));
      },
    ],
    ["along paths of different lengths", (x) => add(x, tanh(mul(x, sin(cos(x)))))],
  ];
  it.each(uses)("%s", async (_, build) => {
    const inputs = [{ shape: ["B", "T"] }];
    expectClose(await reverse(lossOf(inputs, build)), await differences(lossOf(inputs, build), 1e-5), 1e-7);
  });
});

describe("parameters", () => {
  const numbers = [0.5, -1.25, 2, 0.75];
  const feed = { x: tensor("float64", numbers, [4]) };

  it("can be intermediate values, together with the inputs they depend on", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float64", [4]);
    const h = mul(x, x);
    const gradients = differentiate(sum(mul(sin(h), x), 0), [h, x]);
    graph.output("by h", gradients.get(h) ?? x);
    graph.output("by x", gradients.get(x) ?? x);
    const results = await (await open(graph))(feed);
    const byH = numbers.map((v) => Math.cos(v * v) * v);
    expectClose([results.get("by h") ?? []], [byH], 1e-12);
    const byX = numbers.map((v, i) => Math.sin(v * v) + 2 * v * (byH[i] ?? 0));
    expectClose([results.get("by x") ?? []], [byX], 1e-12);
  });

  it("that are equal: the gradient of a maximum goes to the first", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float64", [4]);
    const [a, b] = [mul(x, scalar(x, 1)), mul(x, scalar(x, 1))];
    const gradients = differentiate(sum(maximum(a, b), 0), [a, b]);
    graph.output("a", gradients.get(a) ?? x);
    graph.output("b", gradients.get(b) ?? x);
    const results = await (await open(graph))(feed);
    expect([results.get("a"), results.get("b")]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
  });

  it("that the loss does not depend on: throws", () => {
    const { x, y } = pair();
    expect(() => differentiate(total(x), [x, y])).toThrow("the loss does not depend on y");
    const counted = cast(cast(y, "int32"), "float32");
    expect(() => differentiate(total(mul(x, counted)), [y])).toThrow("the loss does not depend on y");
    const compared = where(greater(y, x), x, scalar(x, 0));
    expect(() => differentiate(total(compared), [y])).toThrow("the loss does not depend on y");
  });
});

describe("ops without a backward rule", () => {
  const faults: readonly [string, (x: Value) => Value, string][] = [
    ["fused attention", attention, "GroupQueryAttention has no backward rule"],
    [
      "a norm without statistics",
      (x) => simplifiedLayerNormalization(x, x.graph.constant("float32", [1, 1]), 1),
      "SimplifiedLayerNormalization has no backward rule",
    ],
  ];
  it.each(faults)("throws if %s is between the parameter and the loss", (_, build, message) => {
    const { x } = pair();
    const loss = total(tanh(build(tanh(x))));
    expect(() => differentiate(loss, [x])).toThrow(message);
  });

  it.each(faults)("allows %s elsewhere in the graph", (_, build) => {
    const { x, y } = pair();
    build(x);
    const loss = total(mul(x, build(y)));
    expect(differentiate(loss, [x]).size).toBe(1);
  });
});

describe("differentiation adds", () => {
  it("nothing if the loss is the parameter", () => {
    const x = new Graph().input("x", "float32", [1]);
    expect(added(x, x)).toEqual([]);
  });

  it("one product per parameter", () => {
    const spread = ["Shape", "Expand", "Reshape"];
    for (const [names, products] of [
      ["x", ["Mul"]],
      ["y", ["Mul"]],
      ["xy", ["Mul", "Mul"]],
    ] as const) {
      const { x, y } = pair();
      const loss = total(mul(x, y));
      const parameters = [...names].map((name) => (name === "x" ? x : y));
      expect(added(loss, ...parameters)).toEqual([...spread, ...products]);
    }
  });

  it("the same nodes for a frozen branch as for an input", () => {
    const types = [(y: Value): Value => y, (y: Value): Value => exp(matMul(y, attention(sin(y))))].map(
      (branch) => {
        const { x, y } = pair();
        return added(total(add(mul(sin(x), branch(y)), matMul(x, branch(y)))), x);
      },
    );
    expect(types[0]).toContain("Cos");
    expect(types[1]).toEqual(types[0]);
  });

  it("nothing for values that the loss does not depend on", () => {
    const { x } = pair();
    const loss = total(sin(x));
    exp(matMul(sin(x), x));
    const { x: alone } = pair();
    expect(added(loss, x)).toEqual(added(total(sin(alone)), alone));
  });

  it("nothing below an intermediate parameter", () => {
    const { x } = pair();
    const h = exp(sin(x));
    expect(added(total(tanh(h)), h)).not.toContain("Cos");
  });
});
