/** Converts the Rust library's encodings: UTF-16 offsets, and empty ranges at the text's ends for added tokens. */
import { Tokenizer as RustTokenizer } from "@anush008/tokenizers";
import type { Encoding } from "../../../../extension/engine/tokenizer/tokenizer";

export class RustReference {
  private readonly tokenizer: RustTokenizer;

  constructor(file: string) {
    this.tokenizer = RustTokenizer.fromFile(file);
  }

  async encode(text: string, addSpecialTokens: boolean): Promise<Encoding> {
    const encoding = await this.tokenizer.encode(text, null, { addSpecialTokens });
    const units = unitsOfPoints(text);
    const isAdded = encoding.getSpecialTokensMask();
    const offsets = encoding.getOffsets();
    const firstOwn = isAdded.indexOf(0);
    const place = (side: 0 | 1): number[] =>
      offsets.map((range, i) => {
        if (isAdded[i] === 1) return firstOwn < 0 ? -1 : i < firstOwn ? 0 : text.length;
        return units[range[side] ?? 0] ?? -1;
      });
    return { ids: encoding.getIds(), starts: place(0), ends: place(1) };
  }
}

/** Returns the UTF-16 offset of every code point, then that of the end. */
function unitsOfPoints(text: string): number[] {
  const units: number[] = [];
  let at = 0;
  for (const char of text) {
    units.push(at);
    at += char.length;
  }
  return [...units, at];
}
