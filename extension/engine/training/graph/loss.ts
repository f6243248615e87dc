/** Adds the losses to a graph. Each is a mean of shape [1,1]. */
import type { Value } from "../../graph/graph";
import { softplus } from "../../graph/ops/activation";
import { sum } from "../../graph/ops/broadcast";
import { add, div, log, maximum, mul, neg, sigmoid, sqrt, sub } from "../../graph/ops/elementwise";
import { gather, pick } from "../../graph/ops/indexing";
import { split } from "../../graph/ops/layout";
import { gemm } from "../../graph/ops/matrix";
import { required, scalar } from "../../graph/ops/operands";
import { logSumExp, mean } from "../../graph/ops/reduction";

/**
 * Bradley-Terry loss, −ln σ(chosen − rejected − margin). rewards: [P,2], margins: [P,1]. Paper eq. 1, with the margin
 * of Llama 2 (arXiv 2307.09288, eq. 2).
 */
export function rankingLoss(rewards: Value, margins: Value): Value {
  const [chosen, rejected] = sides(rewards);
  return mean(softplus(neg(sub(sub(chosen, rejected), margins))), 0);
}

/**
 * Bradley-Terry loss over pairs of tokens, weighted so that each pair of completions counts once. rewards: [R,2],
 * margins and weights: [R,1]; the weights sum to 1.
 */
export function tokenRankingLoss(rewards: Value, margins: Value, weights: Value): Value {
  const [chosen, rejected] = sides(rewards);
  return sum(mul(softplus(neg(sub(sub(chosen, rejected), margins))), weights), 0);
}

/**
 * Mean of (chosen + rejected)², which pulls rewards toward a mean of 0. rewards: [P,2]. TRL's
 * center_rewards_coefficient weights the same loss.
 */
export function centeringLoss(rewards: Value): Value {
  const [chosen, rejected] = sides(rewards);
  const total = add(chosen, rejected);
  return mean(mul(total, total), 0);
}

function sides(rewards: Value): [Value, Value] {
  const halves = split(rewards, [1, 1], 1);
  return [required(halves, 0), required(halves, 1)];
}

/** Indices into the hidden states of a flattened batch, int64 [S] each. */
export interface StateIndices {
  readonly sources: Value;
  readonly goals: Value;
}

/**
 * Contrastive loss, −ln mean σ(cos positive) − ln(1 − mean σ(cos negative)). hidden: [N,H]. Paper eq. 5, with the means
 * inside the logarithms as its text says. With `averagesGoals`, each source is compared with the mean of all positive
 * or all negative goals.
 */
export function contrastiveLoss(
  hidden: Value,
  positive: StateIndices,
  negative: StateIndices,
  averagesGoals: boolean,
): Value {
  const similarity = ({ sources, goals }: StateIndices): Value => {
    const drawn = gather(hidden, goals);
    return mean(sigmoid(cosine(gather(hidden, sources), averagesGoals ? mean(drawn, 0) : drawn)), 0);
  };
  const away = sub(scalar(hidden, 1), similarity(negative));
  return neg(add(log(similarity(positive)), log(away)));
}

/** Cosine similarity of each row of a with the same row of b. a: [N,H], b: [N,H] or [1,H] → [N,1], in [-1,1]. */
function cosine(a: Value, b: Value): Value {
  const norm = (x: Value): Value => sqrt(sum(mul(x, x), 1));
  return div(sum(mul(a, b), 1), maximum(mul(norm(a), norm(b)), scalar(a, 1e-8)));
}

/** Mean cross-entropy in nats. hidden: [N,H], states: int64 [L], targets: int64 [L,1], unembedding: [V,H]. */
export function languageModelLoss(hidden: Value, states: Value, targets: Value, unembedding: Value): Value {
  const logits = gemm(gather(hidden, states), unembedding, { transB: true });
  return mean(sub(logSumExp(logits), pick(logits, targets)), 0);
}
