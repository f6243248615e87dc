/** Colors and their contrast as defined by WCAG 2.2. Pure. */

/** Channels in [0,255]. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export function css({ r, g, b }: Rgb, alpha = 1): string {
  const channels = [r, g, b].map((channel) => Math.round(channel)).join(" ");
  return alpha === 1 ? `rgb(${channels})` : `rgb(${channels} / ${alpha.toFixed(3)})`;
}

/** `over` composited onto `under` with `alpha` in [0,1]. */
export function blend(over: Rgb, alpha: number, under: Rgb): Rgb {
  const mix = (a: number, b: number): number => a * alpha + b * (1 - alpha);
  return { r: mix(over.r, under.r), g: mix(over.g, under.g), b: mix(over.b, under.b) };
}

/** Contrast ratio, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance({ r, g, b }: Rgb): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** WCAG's minimum for text. */
const readable = 4.5;
/** WCAG's minimum for large text. Some themes do not reach 4.5 even without a fill. */
const legible = 3;

/**
 * Alpha of the strongest fill, up to `limit`, on which the text keeps a contrast of 4.5. If the contrast is lower even
 * without a fill, the text keeps a contrast of 3, or the one it has.
 */
export function strongestFill(text: Rgb, ground: Rgb, fill: Rgb, limit: number): number {
  const own = contrast(text, ground);
  const least = own >= readable ? readable : Math.min(legible, own);
  const steps = 50;
  for (let i = steps; i > 0; i--) {
    const alpha = (limit * i) / steps;
    if (contrast(text, blend(fill, alpha, ground)) >= least) return alpha;
  }
  return 0;
}
