/** Text must stay readable on every fill, and fills must be told apart. */
import { describe, expect, test } from "vitest";
import { buckets, middle } from "../../../../../extension/display/color";
import {
  bucketColor,
  contributedColors,
} from "../../../../../extension/editor/annotations/shading/theme-colors";
import { blend, contrast, type Rgb } from "../../../../../webview/shared/contrast";

const colors = contributedColors();
const byId = new Map(colors.map((color) => [color.id, color.defaults]));

/** Channels and alpha of `#rrggbbaa`. */
function read(color: string): { rgb: Rgb; alpha: number } {
  const [r = 0, g = 0, b = 0, a = 255] = (color.slice(1).match(/../g) ?? []).map((hex) =>
    Number.parseInt(hex, 16),
  );
  return { rgb: { r, g, b }, alpha: a / 255 };
}

function fills(theme: "dark" | "light" | "highContrast" | "highContrastLight"): string[] {
  return Array.from({ length: buckets }, (_, bucket) => byId.get(bucketColor(bucket))?.[theme] ?? "");
}

/** Backgrounds and text colors (plain text and JSON strings) of VS Code's default themes. */
const themes = {
  dark: { background: "#1f1f1f", texts: ["#cccccc", "#ce9178"] },
  light: { background: "#ffffff", texts: ["#3b3b3b", "#a31515"] },
} as const;

describe.each(["dark", "light"] as const)("in the %s theme", (theme) => {
  const { background, texts } = themes[theme];
  const ground = read(background).rgb;

  test("text keeps a contrast of 4.5 on every fill", () => {
    const contrasts = fills(theme).flatMap((fill) => {
      const { rgb, alpha } = read(fill);
      return texts.map((text) => contrast(read(text).rgb, blend(rgb, alpha, ground)));
    });
    expect(contrasts).toHaveLength(2 * buckets);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  test("fills grow away from the threshold, red below and blue above", () => {
    const alphas = fills(theme).map((fill) => read(fill).alpha);
    const [below, above] = [alphas.slice(0, middle).reverse(), alphas.slice(middle)];
    for (const side of [below, above]) expect(side).toEqual([...new Set(side)].sort((a, b) => a - b));
    expect(above[0]).toBe(0);
    expect(below[0]).toBeGreaterThan(0.05);
    const isRed = fills(theme).map((fill) => read(fill).rgb.r > read(fill).rgb.b);
    expect(isRed.lastIndexOf(true)).toBe(middle - 1);
  });

  test("the line under low tokens has a contrast of 3 to the background", () => {
    const line = read(byId.get("rewardInspector.low")?.[theme] ?? "").rgb;
    expect(contrast(line, ground)).toBeGreaterThanOrEqual(3);
  });
});

/** Background and foreground of the other themes that come with VS Code. */
const builtIn = [
  ["Dark+", "dark", "#1e1e1e", "#d4d4d4"],
  ["Monokai", "dark", "#272822", "#f8f8f2"],
  ["Abyss", "dark", "#000c18", "#6688cc"],
  ["Kimbie Dark", "dark", "#221a0f", "#d3af86"],
  ["Red", "dark", "#390000", "#f8f8f8"],
  ["Solarized Dark", "dark", "#002b36", "#839496"],
  ["Tomorrow Night Blue", "dark", "#002451", "#ffffff"],
  ["Light+", "light", "#ffffff", "#000000"],
  ["Quiet Light", "light", "#f5f5f5", "#333333"],
  ["Solarized Light", "light", "#fdf6e3", "#657b83"],
] as const;

test.each(builtIn)(
  "in %s, text in the foreground keeps a contrast of 3 on every fill",
  (_, theme, ground, text) => {
    const contrasts = fills(theme).map((fill) => {
      const { rgb, alpha } = read(fill);
      return contrast(read(text).rgb, blend(rgb, alpha, read(ground).rgb));
    });
    expect(contrasts).toHaveLength(buckets);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(3);
  },
);

test.each(["highContrast", "highContrastLight"] as const)("%s has lines instead of fills", (theme) => {
  expect(new Set(fills(theme).map((fill) => read(fill).alpha))).toEqual(new Set([0]));
  const ground = theme === "highContrast" ? { r: 0, g: 0, b: 0 } : { r: 255, g: 255, b: 255 };
  for (const id of ["rewardInspector.low", "rewardInspector.highLine"]) {
    const { rgb, alpha } = read(byId.get(id)?.[theme] ?? "");
    expect(alpha).toBe(1);
    expect(contrast(rgb, ground)).toBeGreaterThanOrEqual(4.5);
  }
});

test("every color has a unique id, a sentence, and hexadecimal defaults", () => {
  expect(new Set(colors.map(({ id }) => id)).size).toBe(colors.length);
  for (const { description, defaults } of colors) {
    expect(description).toMatch(/^[A-Z].*\.$/);
    for (const color of Object.values(defaults)) expect(color).toMatch(/^#([0-9a-f]{6}|[0-9a-f]{8})$/);
  }
});
