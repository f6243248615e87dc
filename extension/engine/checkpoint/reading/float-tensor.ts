/** Reads stored tensors of any float type as float32. */
import { InputError } from "../../errors";
import { readTensor, type StoredTensor } from "../../model-folder/safetensors";

/** Reads an F32, F16, BF16, or F64 tensor. Throws InputError for other types and for truncated files. */
export async function readTensorAsFloats(tensor: StoredTensor): Promise<Float32Array> {
  const bytes = await readTensor(tensor);
  const { buffer, byteOffset, byteLength } = bytes;
  switch (tensor.type) {
    case "F32":
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case "F64":
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case "BF16": {
      const floats = new Float32Array(byteLength / 2);
      // A bfloat16 is the upper half of a float32.
      new Uint32Array(floats.buffer).set(
        Uint32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), (half) => half << 16),
      );
      return floats;
    }
    case "F16":
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), halfToFloat);
    default:
      throw new InputError(tensor.place, `tensor ${tensor.name} is ${tensor.type}, expected floats`);
  }
}

/** Converts IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * 2 ** -14 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction);
}
