import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { broadcast, printShape, product, quotient } from "../../../../extension/engine/graph/dim";
import { Graph, type Value } from "../../../../extension/engine/graph/graph";
import { serialize } from "../../../../extension/engine/graph/onnx";
import {
  groupQueryAttention,
  groupQueryAttentionOnPast,
} from "../../../../extension/engine/graph/ops/attention";
import { expand } from "../../../../extension/engine/graph/ops/broadcast";
import { add, greater, where } from "../../../../extension/engine/graph/ops/elementwise";
import { gather } from "../../../../extension/engine/graph/ops/indexing";
import { concat, leading, reshape, split, transpose } from "../../../../extension/engine/graph/ops/layout";
import { gemm, matMul } from "../../../../extension/engine/graph/ops/matrix";
import { simplifiedLayerNormalization } from "../../../../extension/engine/graph/ops/normalization";
import { mean } from "../../../../extension/engine/graph/ops/reduction";

describe("symbolic dimensions", () => {
  it("multiply and divide", () => {
    expect(product([2, "T", 3, "B"])).toBe("6*B*T");
    expect(product(["B*T", 1])).toBe("B*T");
    expect(product(["2*B", "4*B"])).toBe("8*B*B");
    expect(product([])).toBe(1);
    expect(product(["B", 0])).toBe(0);
    expect(quotient("6*B*T", "2*T")).toBe("3*B");
    expect(quotient("B*B", "B")).toBe("B");
    expect(quotient("B*T", "T*B")).toBe(1);
    expect(quotient("B", "T")).toBeUndefined();
    expect(quotient(6, 4)).toBeUndefined();
  });

  it("broadcast as in NumPy", () => {
    expect(broadcast(["B", 1, 4], ["T", 1])).toEqual(["B", "T", 4]);
    expect(broadcast([], [2])).toEqual([2]);
    expect(broadcast(["B"], ["T"])).toBeUndefined();
    expect(broadcast([2], [3])).toBeUndefined();
    expect(printShape(["B*T", 64])).toBe("[B*T,64]");
  });
});

describe("building throws for", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", ["B", "T", 6]);
  const y = graph.input("y", "float32", [4, 5]);
  const ids = graph.input("ids", "int64", ["B", "T"]);
  const lengths = { last: ids, total: ids };
  const attention = { heads: 2, keyValueHeads: 1, scale: 1 };

  const faults: readonly [string, () => unknown, string][] = [
    ["add", () => add(x, y), "Add does not fit x float32[B,T,6] and y float32[4,5]"],
    ["add of different types", () => add(x, ids), "Add does not fit"],
    ["where", () => where(x, x, x), "Where does not fit"],
    ["where, broadcast", () => where(greater(x, x), x, y), "Where does not fit"],
    ["reshape", () => reshape(x, ["B", "T", 5]), "Reshape to [B,T,5] does not fit x"],
    ["reshape to different symbols", () => reshape(x, ["T", 6]), "Reshape to"],
    ["transpose", () => transpose(y, [0, 2]), "axis 2 is out of range for [4,5]"],
    ["concat", () => concat([ids, ids], 0), "Concat along a symbolic axis"],
    ["concat of different shapes", () => concat([y, reshape(y, [5, 4])], 0), "Concat does not fit"],
    ["split", () => split(y, [2, 2], 1), "Split into 2,2 does not fit y float32[4,5]"],
    ["gather", () => gather(y, y), "Gather does not fit"],
    ["expand", () => expand(y, [2, 5]), "Expand to [2,5]"],
    ["an unknown size", () => expand(y, ["Z", 4, 5]), "no input has the dimension Z"],
    ["matMul", () => matMul(y, y), "MatMul does not fit"],
    ["gemm", () => gemm(y, y), "Gemm does not fit"],
    ["gemm of three axes", () => gemm(x, y), "Gemm does not fit"],
    ["gemm's bias", () => gemm(y, y, { transB: true, bias: y }), "Gemm does not fit"],
    ["a norm", () => simplifiedLayerNormalization(y, graph.constant("float32", [1]), 1), "does not fit y"],
    ["mean", () => mean(y, 2), "axis 2 is out of range for [4,5]"],
    [
      "attention",
      () => groupQueryAttention(x, x, x, lengths, undefined, attention),
      "GroupQueryAttention does not",
    ],
    [
      "attention on a past with a different number of heads",
      () => {
        const past = graph.input("past", "float32", ["B", 2, "P", 3]);
        const keyValues = { keys: past, values: past };
        return groupQueryAttentionOnPast(x, x, x, keyValues, lengths, undefined, { ...attention, heads: 1 });
      },
      "GroupQueryAttention does not",
    ],
    ["leading", () => leading(x, 1, ids, "P"), "Slice does not fit x float32[B,T,6]"],
    [
      "a value of another graph",
      () => add(new Graph().input("z", "float32", [5]), y),
      "belongs to another graph",
    ],
    ["a duplicate name", () => graph.input("x", "float32", []), "the graph already has a value called x"],
    ["a constant with too few values", () => graph.constant("float32", [1], [2]), "1 values do not fill [2]"],
  ];
  it.each(faults)("%s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe("a graph", () => {
  it("stores equal constants once", () => {
    const graph = new Graph();
    expect(graph.constant("int64", [1, 2])).toBe(graph.constant("int64", [1, 2]));
    expect(graph.constant("int64", [1, 2])).not.toBe(graph.constant("int32", [1, 2]));
    expect(graph.constant("float32", [1])).not.toBe(graph.constant("float32", [1], []));
    expect(graph.initializers).toHaveLength(4);
  });

  it("is serialized to ONNX, with external weights by file, offset and length", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["B", 3]);
    const place = { location: "sub/model.safetensors", offset: 2 ** 33 + 1, length: 12 };
    const weight: Value = graph.initializer("w", "bfloat16", [2, 3], place);
    expect(weight.shape).toEqual([2, 3]);
    graph.output("y", split(x, [1, 2], -1)[1] ?? x);

    const model = onnx.ModelProto.decode(serialize(graph));
    expect(model.opsetImport?.map(({ domain }) => domain)).toEqual(["", "com.microsoft"]);
    const stored = model.graph?.initializer?.find(({ name }) => name === "w");
    expect(stored).toMatchObject({ dataType: 16, dataLocation: 1 });
    expect(stored?.externalData?.map(({ key, value }) => [key, value])).toEqual([
      ["location", "sub/model.safetensors"],
      ["offset", "8589934593"],
      ["length", "12"],
    ]);
    const [node] = model.graph?.node ?? [];
    expect(node).toMatchObject({ opType: "Split", input: ["x", expect.any(String)] });
    expect(Number(node?.attribute?.[0]?.i)).toBe(-1);
    expect(model.graph?.output?.[0]?.type?.tensorType?.shape?.dim).toMatchObject([
      { dimParam: "B" },
      { dimValue: expect.anything() },
    ]);
  });
});
