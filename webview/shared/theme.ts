/** The theme's colors as numbers, for what CSS cannot do: canvas drawing, contrast and exports. */
import type { Rgb } from "./contrast";

export interface Theme {
  readonly isHighContrast: boolean;
  readonly background: Rgb;
  readonly card: Rgb;
  readonly foreground: Rgb;
  readonly dim: Rgb;
  readonly line: Rgb;
  readonly low: Rgb;
  readonly high: Rgb;
  readonly good: Rgb;
  readonly first: Rgb;
  readonly second: Rgb;
  readonly font: string;
  readonly monoFont: string;
}

/** Reads the current values of the variables in theme.css. */
export function readTheme(): Theme {
  const probe = document.createElement("span");
  document.body.append(probe);
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const color = (name: string): Rgb => {
    probe.style.color = `var(--inspector-${name})`;
    const ground = getComputedStyle(document.body).backgroundColor;
    return pixel ? toRgb(pixel, ground, getComputedStyle(probe).color) : { r: 128, g: 128, b: 128 };
  };
  probe.style.fontFamily = "var(--inspector-mono)";
  const theme: Theme = {
    isHighContrast: document.body.matches(".vscode-high-contrast, .vscode-high-contrast-light"),
    background: color("background"),
    card: color("card"),
    foreground: color("foreground"),
    dim: color("dim"),
    line: color("line"),
    low: color("low"),
    high: color("high"),
    good: color("good"),
    first: color("first"),
    second: color("second"),
    font: getComputedStyle(document.body).fontFamily,
    monoFont: getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return theme;
}

/** Resolves any CSS color, including `color(srgb …)`, by drawing it over its background on a canvas. */
function toRgb(pixel: OffscreenCanvasRenderingContext2D, ground: string, color: string): Rgb {
  for (const fill of [ground, color]) {
    pixel.fillStyle = fill;
    pixel.fillRect(0, 0, 1, 1);
  }
  const [r = 0, g = 0, b = 0] = pixel.getImageData(0, 0, 1, 1).data;
  return { r, g, b };
}

/** On a theme change, VS Code changes the classes of the body and the variables of the root element. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributeFilter: ["class"] });
  observer.observe(document.documentElement, { attributeFilter: ["style", "class"] });
}
