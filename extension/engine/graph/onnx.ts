/** Serializes a graph to ONNX protobuf. */
import { onnx } from "onnx-proto";
import type { Attribute, Data, DType, Graph, Value } from "./graph";
import { bytesPerElement, onnxType } from "./onnx-types";

const irVersion = 10;
const opset = 21;

export function serialize(graph: Graph): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion,
    producerName: "reward-inspector",
    opsetImport: [
      { domain: "", version: opset },
      { domain: "com.microsoft", version: 1 },
    ],
    graph: {
      name: "reward-model",
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
      initializer: graph.initializers.map(({ value, data }) => ({
        name: value.name,
        dims: value.shape.map(Number),
        dataType: onnxType[value.dtype],
        ...tensorData(data),
      })),
      node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
        opType: op.type,
        domain: op.domain ?? "",
        name: outputs[0]?.name ?? "",
        input: inputs.map((input) => input?.name ?? ""),
        output: outputs.map((output) => output.name),
        attribute: Object.entries(attributes).map(attributeProto),
      })),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function valueInfo(value: Value): onnx.IValueInfoProto {
  const dim = value.shape.map((d) => (typeof d === "number" ? { dimValue: d } : { dimParam: d }));
  return { name: value.name, type: { tensorType: { elemType: onnxType[value.dtype], shape: { dim } } } };
}

function tensorData(data: Data): Partial<onnx.ITensorProto> {
  if ("bytes" in data) return { rawData: data.bytes };
  const entry = (key: string, value: string | number): onnx.IStringStringEntryProto => ({
    key,
    value: String(value),
  });
  return {
    dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    externalData: [
      entry("location", data.location),
      entry("offset", data.offset),
      entry("length", data.length),
    ],
  };
}

function attributeProto([name, attribute]: [string, Attribute]): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if ("int" in attribute) return { name, type: AttributeType.INT, i: attribute.int };
  if ("float" in attribute) return { name, type: AttributeType.FLOAT, f: attribute.float };
  if ("string" in attribute)
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(attribute.string) };
  if ("zero" in attribute) return { name, type: AttributeType.TENSOR, t: zeroTensor(attribute.zero) };
  return { name, type: AttributeType.INTS, ints: [...attribute.ints] };
}

function zeroTensor(dtype: DType): onnx.ITensorProto {
  return { dims: [1], dataType: onnxType[dtype], rawData: new Uint8Array(bytesPerElement[dtype]) };
}
