/** Decompresses the pages of a Parquet file. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { CompressionCodec, Compressors } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** Uses Node's gzip and Brotli, which are faster than the library's. */
export const codecs: Compressors = {
  ...compressors,
  GZIP: (packed, length) => gunzipSync(packed, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (packed, length) => brotliDecompressSync(packed, { maxOutputLength: Math.max(1, length) }),
};

export function unpack(codec: CompressionCodec, packed: Uint8Array, length: number): Uint8Array {
  if (codec === "UNCOMPRESSED") return packed;
  const decompress = codecs[codec];
  if (!decompress) throw new Error(`the codec ${codec} is not supported`);
  return decompress(packed, length);
}
