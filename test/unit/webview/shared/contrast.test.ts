import { expect, test } from "vitest";
import { blend, contrast, css, strongestFill } from "../../../../webview/shared/contrast";

const black = { r: 0, g: 0, b: 0 };
const white = { r: 255, g: 255, b: 255 };
const red = { r: 222, g: 60, b: 40 };

test("contrast runs from 1 to 21, in either order", () => {
  expect(contrast(black, white)).toBeCloseTo(21);
  expect(contrast(white, black)).toBeCloseTo(21);
  expect(contrast(red, red)).toBe(1);
  // #767676 is the lightest gray that is readable on white.
  expect(contrast({ r: 118, g: 118, b: 118 }, white)).toBeCloseTo(4.54, 2);
});

test("a color is laid on another by its share", () => {
  expect(blend(white, 0.5, black)).toEqual({ r: 127.5, g: 127.5, b: 127.5 });
  expect(blend(red, 1, white)).toEqual(red);
  expect(blend(red, 0, white)).toEqual(white);
});

test("colors are written as CSS has them", () => {
  expect(css(red)).toBe("rgb(222 60 40)");
  expect(css({ r: 127.5, g: 0.2, b: 0 }, 0.25)).toBe("rgb(128 0 0 / 0.250)");
});

test("a fill is as strong as text stays readable on it, and no stronger", () => {
  const gray = { r: 90, g: 90, b: 90 };
  const alpha = strongestFill(gray, white, red, 0.6);
  expect(alpha).toBeGreaterThan(0.1);
  expect(alpha).toBeLessThan(0.6);
  expect(contrast(gray, blend(red, alpha, white))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(gray, blend(red, alpha + 0.02, white))).toBeLessThan(4.5);
  expect(strongestFill(black, white, red, 0.3)).toBe(0.3);
});

test("a theme whose own text is faint keeps a contrast of 3, or what it has", () => {
  // Solarized Light: 4.1 by itself.
  const [text, ground] = [
    { r: 101, g: 123, b: 131 },
    { r: 253, g: 246, b: 227 },
  ];
  const alpha = strongestFill(text, ground, red, 0.6);
  expect(alpha).toBeGreaterThan(0.1);
  expect(contrast(text, blend(red, alpha, ground))).toBeGreaterThanOrEqual(3);
  const faint = { r: 170, g: 170, b: 170 };
  expect(contrast(faint, white)).toBeLessThan(3);
  const kept = blend(red, strongestFill(faint, white, red, 0.6), white);
  expect(contrast(faint, kept)).toBeGreaterThanOrEqual(contrast(faint, white));
});
