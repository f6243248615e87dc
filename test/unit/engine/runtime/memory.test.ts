import { describe, expect, it, test } from "vitest";
import { InputError } from "../../../../extension/engine/errors";
import { checkFits, estimateMemory, keptBytes } from "../../../../extension/engine/runtime/memory";

type DType = "F32" | "BF16";

/** The matrices of a decoder like Llama, without norms. */
function llama(
  layers: number,
  hidden: number,
  inner: number,
  keyValueWidth: number,
  type: DType,
  vocabulary = 32000,
) {
  const tensor = (...shape: number[]) => ({
    shape,
    type,
    length: shape.reduce((count, dim) => count * dim, type === "F32" ? 4 : 2),
  });
  const layer = [
    tensor(hidden, hidden),
    tensor(keyValueWidth, hidden),
    tensor(keyValueWidth, hidden),
    tensor(hidden, hidden),
    tensor(inner, hidden),
    tensor(inner, hidden),
    tensor(hidden, inner),
  ];
  return {
    shape: {
      layers,
      hiddenSize: hidden,
      innerSize: inner,
      heads: hidden / 64,
      keyValueWidth,
      vocabularySize: vocabulary,
      maxPositions: 8192,
    },
    tensors: [tensor(vocabulary, hidden), ...Array.from({ length: layers }, () => layer).flat()],
  };
}

const use = { batchTokens: 1024, maxLength: 4096, keeps: false };
const mebibyte = 2 ** 20;

describe("the estimate", () => {
  // Peak resident memory in MiB of `score` on Linux, with one row of 4096 tokens and random weights of these sizes.
  it.each([
    ["SmolLM2-135M", llama(30, 576, 1536, 192, "BF16", 49152), 688],
    ["235 million parameters in half precision", llama(16, 1024, 2816, 1024, "BF16"), 1166],
    ["235 million parameters in float32", llama(16, 1024, 2816, 1024, "F32"), 1122],
    ["a large vocabulary", llama(4, 1024, 2816, 1024, "BF16", 128_000), 586],
  ])("for %s is at most 40% above the measured peak", (_, { shape, tensors }, measured) => {
    const { total } = estimateMemory(shape, tensors, use);
    expect(total).toBeGreaterThan(measured * mebibyte);
    expect(total).toBeLessThan(1.4 * measured * mebibyte);
  });

  it("includes all attention scores of soft-capped attention", () => {
    const { shape, tensors } = llama(2, 576, 1536, 192, "F32");
    const { batch } = estimateMemory(shape, tensors, use);
    const capped = estimateMemory({ ...shape, attentionSoftCap: 50 }, tensors, use).batch;
    expect(capped - batch).toBe(4 * 9 * 4096 ** 2);
  });

  it("includes cached keys and values, of at least one sequence", () => {
    const { shape, tensors } = llama(2, 576, 1536, 192, "F32");
    const plain = estimateMemory(shape, tensors, use);
    const keeping = estimateMemory(shape, tensors, { ...use, keeps: true });
    expect(keeping.total - plain.total).toBe(keptBytes);
    const wide = { ...shape, layers: 32, keyValueWidth: 1024 };
    expect(estimateMemory(wide, tensors, { ...use, keeps: true }).kept).toBe(4 * 2 * 32 * 1024 * 4096);
  });
});

test("a model that does not fit is refused with the estimates", () => {
  const { shape, tensors } = llama(32, 4096, 14336, 1024, "BF16", 128_256);
  const estimate = estimateMemory(shape, tensors, use);
  expect(estimate.weights / 2 ** 30).toBeGreaterThan(26);
  checkFits(estimate, estimate.total, "model");
  expect(() => checkFits(estimate, 16 * 2 ** 30, "model")).toThrow(InputError);
  expect(() => checkFits(estimate, 16 * 2 ** 30, "model")).toThrow(
    /^model: needs about \d\d\.\d GiB of memory \(weights as float32 \d\d\.\d GiB \+ .* \+ ONNX Runtime 0\.1 GiB\), but only 16\.0 GiB is available; use a smaller model/,
  );
});
