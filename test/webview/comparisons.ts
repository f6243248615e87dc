/** Makes comparisons as the host sends them. */

import type { ListedToken } from "../../extension/display/token-list";
import type { CompareState, Comparison, Display, Side } from "../../extension/protocol/panels/compare";
import { columnsOf } from "../support/columns";

type Piece = readonly [text: string, q: number];

export const display: Display = {
  metric: "q",
  granularity: "token",
  goal: "preferred",
  threshold: 0,
  scale: "full",
};

const shared: readonly Piece[] = [
  ["Each", 0.62],
  [" box", 0.66],
  [" has", 0.7],
  [" 14", 0.74],
  [" pencils", 0.76],
  [",", 0.74],
  [" so", 0.71],
  [" 3", 0.73],
  [" boxes", 0.77],
  [" have", 0.78],
  [" 3", 0.76],
  [" ×", 0.8],
  [" 14", 0.82],
  [" =", 0.84],
];

const right: readonly Piece[] = [
  [" 42", 0.88],
  [".\n", 0.87],
  ["She", 0.84],
  [" gives", 0.83],
  [" away", 0.84],
  [" 9", 0.85],
  [",", 0.84],
  [" so", 0.83],
  [" 42", 0.86],
  [" −", 0.88],
  [" 9", 0.87],
  [" =", 0.9],
  [" 33", 0.93],
  [" are", 0.9],
  [" left", 0.91],
  [".", 0.92],
];

const wrong: readonly Piece[] = [
  [" 52", -0.35],
  [".\n", -0.48],
  ["She", -0.41],
  [" gives", -0.44],
  [" away", -0.46],
  [" 9", -0.5],
  [",", -0.52],
  [" so", -0.51],
  [" 52", -0.62],
  [" −", -0.58],
  [" 9", -0.6],
  [" =", -0.66],
  [" 43", -0.83],
  [" are", -0.74],
  [" left", -0.72],
  [".", -0.76],
];

/** Makes a side of consecutive tokens, followed by an end-of-sequence token. */
export function sideOf(label: string, pieces: readonly Piece[], more: Partial<Side> = {}): Side {
  let at = 0;
  const tokens: ListedToken[] = pieces.map(([text, q]) => {
    const start = at;
    at += text.length;
    return scored(text, start, at, q);
  });
  const text = pieces.map(([text]) => text).join("");
  const last = pieces.at(-1)?.[1] ?? 0;
  tokens.push({ ...scored("<eos>", at, at, last), id: 2 });
  return {
    label,
    model: "arithmetic-steps · CPU",
    text,
    reward: 3.1,
    percentile: 0.91,
    tokens: columnsOf(tokens, text),
    truncated: 0,
    steps: [],
    warnings: [],
    ...more,
  };
}

function scored(text: string, start: number, end: number, q: number): ListedToken {
  const id = 1000 + ((text.codePointAt(1) ?? 7) % 900);
  return { id, text, start, end, q: { preferred: q, "step-correct": q * 0.8 }, partialReward: q * 3.4 };
}

export const pair: Comparison = {
  title: "pairs.jsonl, row 17",
  prompt:
    "Mia has 3 boxes with 14 pencils each. She gives 9 pencils to her brother. How many pencils are left?",
  sides: [
    sideOf("chosen", [...shared, ...right]),
    sideOf("rejected", [...shared, ...wrong], { reward: -1.5, percentile: 0.12 }),
  ],
  margin: 4.6,
  goals: ["preferred", "step-correct"],
  rewardQuantiles: Array.from({ length: 21 }, (_, i) => -4 + i * 0.4),
};

/** Makes the state of a panel that shows a comparison. */
export function stateOf(comparison: Comparison, more: Partial<CompareState> = {}): CompareState {
  return {
    status: { kind: "shown", text: "" },
    subject: '{"kind":"row","at":{"uri":"file:///data/pairs.jsonl","offset":0}}',
    comparison,
    display,
    position: { index: 16, count: 512 },
    ...more,
  };
}

export const misranked: Comparison = {
  ...pair,
  sides: [
    sideOf("chosen", [...shared, ...wrong], {
      reward: -1.5,
      percentile: 0.12,
      warnings: [
        "no end-of-sequence token: the reward is read at a token that the head may not be trained on",
      ],
    }),
    sideOf("rejected", [...shared, ...right]),
  ],
  margin: -4.6,
};

/** A comparison in which the model read little more than the common start of both texts. */
export const truncated: Comparison = {
  ...pair,
  title: "long.jsonl, row 4",
  sides: pair.sides.map((side) => ({
    ...side,
    text: `${side.text} Then she counts them once more, to be sure, and writes the number down.`,
    tokens: withoutLast(side.tokens),
    truncated: 15,
    warnings: ["truncated: 15 tokens at the end did not fit"],
  })),
  margin: 0.04,
};

function withoutLast(tokens: Side["tokens"]): Side["tokens"] {
  const { ids, starts, ends, q, ownTexts } = tokens;
  return {
    ids: ids.slice(0, -1),
    starts: starts.slice(0, -1),
    ends: ends.slice(0, -1),
    q: Object.fromEntries(Object.entries(q).map(([goal, values]) => [goal, values.slice(0, -1)])),
    ownTexts,
  };
}

/** A comparison under a model whose Q-values are all close together. */
export const narrowBand: Comparison = {
  ...pair,
  title: "narrow.jsonl, row 1",
  sides: pair.sides.map((side) => ({
    ...side,
    tokens: {
      ...side.tokens,
      q: { preferred: (side.tokens.q.preferred ?? new Float32Array()).map((q) => 0.82 + q / 100) },
    },
  })),
  goals: ["preferred"],
};

export const inspector: Comparison = {
  ...pair,
  title: "notes.md",
  sides: [sideOf("completion", [...shared, ...wrong], { reward: -1.5, percentile: 0.12 })],
  margin: null,
};

/** A comparison of one completion under two checkpoints. */
export const twoModels: Comparison = {
  ...pair,
  sides: [
    sideOf("baseline", [...shared, ...wrong], { model: "baseline · CPU", reward: 0.4, percentile: 0.44 }),
    sideOf("contrastive", [...shared.map(([text, q]) => [text, q * 0.8 + 0.05] as const), ...wrong], {
      model: "contrastive · CPU",
      reward: -1.5,
      percentile: 0.12,
    }),
  ],
  margin: null,
};

/** A comparison with names as long as those of real models. */
export const longNames: Comparison = {
  ...twoModels,
  title: "preferences-of-the-second-round.jsonl, row 17, rejected",
  sides: twoModels.sides.map((side) => {
    const label = `${side.label}-llama-3.1-8b-instruct-lr3e-5`;
    return { ...side, label, model: `${label} · CPU` };
  }),
};

/** Makes a comparison with `tokens` tokens per side, in which the second half of the second side is low. */
export function longPair(tokens: number): Comparison {
  const pieces = (isWrong: boolean): Piece[] =>
    Array.from({ length: tokens - 1 }, (_, i) => {
      const text = i % 17 === 16 ? " end.\n" : ` word${i % 97}`;
      const wave = 0.5 + 0.3 * Math.sin(i / 40);
      return [text, isWrong && i > tokens / 2 ? wave - 1 : wave];
    });
  return {
    ...pair,
    title: "long.jsonl, row 1",
    sides: [sideOf("chosen", pieces(false)), sideOf("rejected", pieces(true), { reward: -1.5 })],
  };
}

export const hostileText = {
  script: "<script>window.wasRun = true</script><img src=x onerror='window.wasRun = true'>",
  rightToLeft: " שלום עולם 42 مرحبا",
  override: " a\u202eb\u202c",
  emoji: " 👩‍👩‍👧‍👦🏳️‍🌈 é",
  control: " \u0000\u001b[31m\u0007",
  markup: " &lt;b&gt; \"'` ]]> <!-- --> </style>",
} as const;

export const hostile: Comparison = {
  ...pair,
  title: "<b>hostile</b>.jsonl, row 1",
  prompt: hostileText.script,
  sides: [
    sideOf(
      "<i>chosen</i>",
      Object.values(hostileText).map((text, i) => [text, 0.8 - i * 0.3]),
      { warnings: [hostileText.script], model: "<u>model</u>" },
    ),
    sideOf("rejected", [["plain", -0.4]]),
  ],
};
