/** Keys and values of sequences, passed from one evaluation of the graph to the next. */

import { type CachedLayer, pastNames } from "../architecture/lowering/key-value-cache";
import { Tensor } from "./onnxruntime";

/** Cached keys and values of one sequence, starting with its first token. */
export interface KeyValues {
  /** Keys, then values, of each layer: [1,heads,C,headDim] each. Entries after the sequence's end are meaningless. */
  readonly tensors: readonly Tensor[];
  readonly bytes: number;
}

/** The first tokens of a cached sequence, as the prefix of another one. */
export interface Past {
  readonly keyValues: KeyValues;
  /** P: number of tokens. */
  readonly length: number;
}

/** Feeds of the cache's inputs. batch: rows; kept: number of tokens whose keys and values are output. */
export function pastFeeds(
  layers: readonly CachedLayer[],
  batch: number,
  past: Past | undefined,
  kept: number,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {
    [pastNames.length]: int64(past?.length ?? 0),
    [pastNames.kept]: int64(kept),
  };
  const nothing = new Float32Array();
  layers.forEach(({ inputs, heads, headDim }, i) => {
    inputs.forEach((name, j) => {
      feeds[name] =
        past?.keyValues.tensors[2 * i + j] ?? new Tensor("float32", nothing, [batch, heads, 0, headDim]);
    });
  });
  return feeds;
}

/** Names of the outputs that `keptRows` reads. */
export function keptNames(layers: readonly CachedLayer[]): string[] {
  return layers.flatMap(({ outputs }) => outputs);
}

/** Keys and values of each row of a batch. Rows do not share memory, so that one can be freed without the others. */
export function keptRows(
  layers: readonly CachedLayer[],
  results: Readonly<Record<string, Tensor>>,
  batch: number,
): KeyValues[] {
  const tensors = keptNames(layers).map((name) => {
    const tensor = results[name];
    if (!(tensor?.data instanceof Float32Array)) throw new Error(`ONNX Runtime returned no ${name}`);
    return { data: tensor.data, dims: tensor.dims };
  });
  return Array.from({ length: batch }, (_, b) => {
    const rows = tensors.map(({ data, dims }) => {
      const size = data.length / batch;
      const own = batch === 1 ? data : data.slice(b * size, (b + 1) * size);
      return new Tensor("float32", own, [1, ...dims.slice(1)]);
    });
    return { tensors: rows, bytes: rows.reduce((total, { size }) => total + 4 * size, 0) };
  });
}

function int64(value: number): Tensor {
  return new Tensor("int64", BigInt64Array.of(BigInt(value)), [1]);
}
