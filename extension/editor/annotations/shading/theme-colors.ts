/** The theme colors that package.json contributes; themes and users may set them otherwise. Pure. */
import { buckets, middle, strengthOf } from "../../../display/color";

/** Colors of signs that stand beside the fills. */
export const signColors = {
  /** Line under low tokens. */
  low: "rewardInspector.low",
  high: "rewardInspector.high",
  /** Line under high tokens; only high contrast, which has no fills, shows it. */
  highLine: "rewardInspector.highLine",
  /** Mark in the overview ruler. */
  lowRun: "rewardInspector.lowRun",
} as const;

/** Fill behind tokens of a bucket. */
export function bucketColor(bucket: number): string {
  return `rewardInspector.token${bucket}`;
}

/** An entry of `contributes.colors`. */
export interface ContributedColor {
  readonly id: string;
  readonly description: string;
  readonly defaults: {
    readonly dark: string;
    readonly light: string;
    readonly highContrast: string;
    readonly highContrastLight: string;
  };
}

const transparent = "#00000000";

/**
 * Fills of the lowest and the highest bucket. In dark themes they are the ends of ColorBrewer's RdBu, which color-blind
 * readers tell apart; in light ones brighter tones of the same hues, which leave dark text more contrast. At these
 * alphas, text in the editor's foreground keeps a contrast of 3 in all themes that come with VS Code (less only if it has
 * less unshaded), and strings of JSON keep 4.5 in Dark Modern and Light Modern.
 */
const strongest = {
  dark: { low: { color: "#b2182b", alpha: 0.48 }, high: { color: "#2166ac", alpha: 0.35 } },
  light: { low: { color: "#ff4b33", alpha: 0.26 }, high: { color: "#4d94ff", alpha: 0.32 } },
} as const;

/** Just below the threshold a fill must show, too. */
const faintestLow = 0.2;

export function contributedColors(): ContributedColor[] {
  return [...signs, ...Array.from({ length: buckets }, (_, bucket) => fill(bucket))];
}

const signs: readonly ContributedColor[] = [
  {
    id: signColors.low,
    description: "Underline of tokens below the threshold, and color of low values in charts.",
    defaults: {
      dark: "#f45d48",
      light: "#de3c28",
      highContrast: "#ff7b66",
      highContrastLight: "#b01500",
    },
  },
  {
    id: signColors.high,
    description: "Color of high values in charts.",
    defaults: {
      dark: "#4d94ff",
      light: "#1e64dc",
      highContrast: "#6cb0ff",
      highContrastLight: "#0f4a85",
    },
  },
  {
    id: signColors.highLine,
    description: "Underline of tokens above the threshold, in themes without backgrounds.",
    defaults: {
      dark: transparent,
      light: transparent,
      highContrast: "#6cb0ff",
      highContrastLight: "#0f4a85",
    },
  },
  {
    id: signColors.lowRun,
    description: "Overview ruler mark of tokens below the threshold.",
    defaults: {
      dark: "#f45d48cc",
      light: "#de3c28cc",
      highContrast: "#ff7b66",
      highContrastLight: "#b01500",
    },
  },
];

function fill(bucket: number): ContributedColor {
  return {
    id: bucketColor(bucket),
    description: descriptionOf(bucket),
    defaults: {
      dark: fillColor(bucket, strongest.dark),
      light: fillColor(bucket, strongest.light),
      highContrast: transparent,
      highContrastLight: transparent,
    },
  };
}

function fillColor(bucket: number, { low, high }: (typeof strongest)[keyof typeof strongest]): string {
  const strength = strengthOf(bucket);
  if (bucket >= middle) return withAlpha(high.color, high.alpha * strength);
  return withAlpha(low.color, low.alpha * (faintestLow + (1 - faintestLow) * strength));
}

function withAlpha(color: string, alpha: number): string {
  const channel = Math.round(alpha * 255);
  return `${color}${channel.toString(16).padStart(2, "0")}`;
}

function descriptionOf(bucket: number): string {
  if (bucket === middle) return "Background of tokens at the threshold.";
  const side = bucket < middle ? "below" : "above";
  return `Background of tokens ${side} the threshold, strength ${Math.abs(bucket - middle)} of ${middle}.`;
}
