import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlignedText, replaceMatches } from "../../../../../extension/engine/tokenizer/text/aligned-text";
import { normalizeAligned } from "../../../../../extension/engine/tokenizer/text/unicode-form";
import { troublesomeText } from "../tokenizer-texts";

describe.each(["NFC", "NFD", "NFKC", "NFKD"] as const)("%s", (form) => {
  const normalize = (text: string): AlignedText =>
    normalizeAligned(AlignedText.fromSource(text, 0, text.length), form);

  it("gives the text of String.normalize, with ranges in order", () => {
    fc.assert(
      fc.property(troublesomeText([]), (given) => {
        const text = given.replace(/\p{Surrogate}/gu, "\ufffd");
        const found = normalize(text);
        expect(found.text).toBe(text.normalize(form));
        expect(found.starts.every((start, i) => start < (found.ends[i] ?? 0))).toBe(true);
        expect(found.starts).toEqual(Int32Array.from(found.starts).sort());
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it("agrees with String.normalize for every mark and every character that decomposes", () => {
    const wrong: number[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      const char = String.fromCodePoint(point);
      if (!/\p{M}/u.test(char) && char.normalize("NFKD") === char) continue;
      // Surrounding marks reveal a wrong combining class or a wrong composition.
      const text = `a\u0323${char}\u0301`;
      if (normalize(text).text !== text.normalize(form)) wrong.push(point);
    }
    expect(wrong).toEqual([]);
  });
});

describe("ranges", () => {
  it("are the original character's after decomposition, and the first character's after composition", () => {
    const ranges = (text: string, form: "NFC" | "NFKD") => {
      const { starts, ends } = normalizeAligned(AlignedText.fromSource(text, 0, text.length), form);
      return Array.from(starts, (start, i) => [start, ends[i]]);
    };
    expect(ranges("xﬁ", "NFKD")).toEqual([
      [0, 1],
      [1, 2],
      [1, 2],
    ]);
    expect(ranges("e\u0301x", "NFC")).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("of replaced text are the range of the match's last character", () => {
    const { text, starts, ends } = replaceMatches(
      AlignedText.fromSource("a🚀🚀b", 0, 6),
      /🚀+/gu,
      () => "--",
    );
    expect(text).toBe("a--b");
    expect([...starts]).toEqual([0, 3, 3, 5]);
    expect([...ends]).toEqual([1, 5, 5, 6]);
  });
});
