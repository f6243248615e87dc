/** A user's choices for shading tokens. */

export const metrics = ["q", "q-change", "partial-reward"] as const;
/** `q`: cosine of the hidden state with the goal state. `q-change`: Q minus that of the token before. */
export type Metric = (typeof metrics)[number];

export const granularities = ["token", "word", "sentence", "line", "step"] as const;
export type Granularity = (typeof granularities)[number];

export const scales = ["full", "range"] as const;
/** Range of the colors: the metric's full scale, or the range of the values that are shown. */
export type ColorScale = (typeof scales)[number];
