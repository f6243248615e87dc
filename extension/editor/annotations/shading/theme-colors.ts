/** The theme colors that package.json contributes; themes and users may override them. Pure. */
import { buckets, middle, strengthOf } from "../../../display/color";

/** Colors of lines and marks, and of values in charts. */
export const signColors = {
  /** Line under low tokens. */
  low: "rewardInspector.low",
  high: "rewardInspector.high",
  /** Line under high tokens, visible only in high-contrast themes, which have no fills. */
  highLine: "rewardInspector.highLine",
  /** Mark in the overview ruler. */
  lowSpan: "rewardInspector.lowSpan",
} as const;

/** Background of the tokens of a bucket. */
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
 * Fills of the lowest and the highest bucket. Dark themes use the ends of ColorBrewer's RdBu, which color-blind readers
 * can tell apart; light themes use brighter tones of the same hues, which leave dark text more contrast. At these
 * alphas, text in the editor's foreground keeps a contrast of 3:1 in every theme that comes with VS Code (unless it has
 * less without shading), and JSON strings keep 4.5:1 in Dark Modern and Light Modern.
 */
const strongest = {
  dark: { low: { color: "#b2182b", alpha: 0.48 }, high: { color: "#2166ac", alpha: 0.35 } },
  light: { low: { color: "#ff4b33", alpha: 0.26 }, high: { color: "#4d94ff", alpha: 0.32 } },
} as const;

/** Share of the full alpha just below the threshold, where a fill must be visible too. */
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
    id: signColors.lowSpan,
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
