/** The byte alphabet of byte-level BPE, which represents every byte by a printable character. */
import { type AlignedText, AlignedTextBuilder } from "./aligned-text";
import type { Pieces } from "./pieces";

/** Characters by byte. Printable Latin-1 represents itself; the other bytes use the characters from U+0100. */
export const byteCharacters: readonly string[] = makeByteCharacters();
const bytesOfCharacters: ReadonlyMap<string, number> = new Map(
  byteCharacters.map((char, byte) => [char, byte]),
);

/** https://github.com/openai/gpt-2/blob/master/src/encoder.py bytes_to_unicode */
function makeByteCharacters(): string[] {
  const isPrintable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

/** The character that represents a space. */
export const spaceCharacter = "\u0120";

/** Replaces every character by its UTF-8 bytes in the byte alphabet; the bytes of a character share its range. */
export function toByteLevel({ text, bounds }: Pieces): Pieces {
  const builder = new AlignedTextBuilder();
  const out: number[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const begin = builder.length;
    writeBytes(builder, text, bounds[i] ?? 0, bounds[i + 1] ?? 0);
    out.push(begin, builder.length);
  }
  return { text: builder.build(), bounds: out };
}

function writeBytes(builder: AlignedTextBuilder, text: AlignedText, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const point = text.text.codePointAt(at) ?? 0;
    builder.write(byteForm(point), text, at);
    if (point > 0xffff) at++;
  }
}

/** Returns the UTF-8 bytes of a code point in the byte alphabet. */
function byteForm(point: number): string {
  if (point < 0x80) return character(point);
  if (point < 0x800) return character(0xc0 | (point >> 6)) + continuation(point);
  if (point < 0x10000)
    return character(0xe0 | (point >> 12)) + continuation(point >> 6) + continuation(point);
  return (
    character(0xf0 | (point >> 18)) +
    continuation(point >> 12) +
    continuation(point >> 6) +
    continuation(point)
  );
}

function continuation(bits: number): string {
  return character(0x80 | (bits & 0x3f));
}

function character(byte: number): string {
  return byteCharacters[byte] ?? "";
}

/** Returns a token as readable text, with `<0xE2>` for each byte that is not part of a complete character. */
export function readByteLevel(token: string): string {
  const bytes: number[] = [];
  for (const char of token) {
    const byte = bytesOfCharacters.get(char);
    // A character outside the alphabet means an added token, which is already text.
    if (byte === undefined) return token;
    bytes.push(byte);
  }
  return readBytes(Uint8Array.from(bytes));
}

function readBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    try {
      text += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      text += byteName(lead);
      at++;
    }
  }
  return text;
}

/** Names a byte as SentencePiece does, for example `<0x0A>`. */
export function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}
