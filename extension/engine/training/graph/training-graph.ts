/** Builds the graph of a training step: packed pairs in, losses, rewards and gradients out. */
import type { Provider } from "../../../protocol/models";
import type { LossSettings, Objective } from "../../../protocol/train-settings";
import type { Rotary } from "../../architecture/lowering/kernels";
import { trainable } from "../../architecture/lowering/trainable";
import { type HeadLayerValues, reward } from "../../architecture/reward";
import type { Rope } from "../../architecture/rope";
import { StoredWeights } from "../../architecture/stored-weights";
import { differentiate } from "../../graph/differentiate";
import { Graph, type Value } from "../../graph/graph";
import { add, mul } from "../../graph/ops/elementwise";
import { gather } from "../../graph/ops/indexing";
import { reshape } from "../../graph/ops/layout";
import { scalar } from "../../graph/ops/operands";
import type { OpenedModel } from "../../scoring/reward-model";
import {
  centeringLoss,
  contrastiveLoss,
  languageModelLoss,
  rankingLoss,
  type StateIndices,
  tokenRankingLoss,
} from "./loss";
import {
  type DropoutMask,
  type Parameter,
  type ParameterSettings,
  TrainedParameters,
} from "./trained-parameters";

/**
 * Inputs besides the parameters. B: rows, T: tokens per row, R: ranked token pairs, S: positive state pairs, N:
 * negative state pairs, L: predicted tokens.
 */
export const inputNames = {
  /** int64 [B,T] each. */
  ids: "input_ids",
  positions: "positions",
  branches: "branches",
  /** Indices of the chosen and the rejected reward token in the flattened batch: int64 [B,2]. */
  last: "last",
  /** float [B,1]. */
  margins: "margins",
  /** Indices of ranked chosen and rejected tokens: int64 [R,2]; an input only if every token is ranked. */
  ranked: "ranked",
  /** float [R,1] each. */
  rankedMargins: "ranked_margins",
  rankedWeights: "ranked_weights",
  /** int64 [S] each. */
  positiveSources: "positive_sources",
  positiveGoals: "positive_goals",
  /** int64 [N] each. */
  negativeSources: "negative_sources",
  negativeGoals: "negative_goals",
  /** int64 [L]. */
  lmStates: "lm_states",
  /** int64 [L,1]. */
  lmTargets: "lm_targets",
} as const;

export const outputNames = {
  /** float [1,1] each. */
  loss: "loss",
  rankingLoss: "ranking_loss",
  contrastiveLoss: "contrastive_loss",
  lmLoss: "lm_loss",
  /** Rewards of the chosen and the rejected completion: float [B,2]. */
  rewards: "rewards",
} as const;

/** A rope and the names of the inputs for its tables [M,half]; M is at least the length of the longest sequence. */
export interface RopeInputs {
  readonly rope: Rope;
  readonly cos: string;
  readonly sin: string;
}

export interface TrainingGraph {
  readonly graph: Graph;
  readonly parameters: readonly Parameter[];
  readonly masks: readonly DropoutMask[];
  readonly ropes: readonly RopeInputs[];
  /** Names of the gradient outputs, in the order of the parameters; empty for an evaluation graph. */
  readonly gradientNames: readonly string[];
}

export interface TrainingGraphSettings extends Omit<ParameterSettings, "hasDropout"> {
  readonly objective: Objective;
  readonly loss: LossSettings;
  /** Provider that the graph is built for; the CPU by default. */
  readonly provider?: Provider | undefined;
}

/** @param hasGradients false builds an evaluation graph, which has no dropout either */
export function buildTrainingGraph(
  { checkpoint, decoder, head }: Pick<OpenedModel, "checkpoint" | "decoder" | "head">,
  settings: TrainingGraphSettings,
  hasGradients: boolean,
): TrainingGraph {
  const { dtype, objective, loss, provider = "cpu" } = settings;
  const { hiddenSize, vocabularySize } = decoder.shape;
  const graph = new Graph();
  const integers = (name: string, ...shape: (string | number)[]): Value => graph.input(name, "int64", shape);
  const ids = integers(inputNames.ids, "B", "T");
  const positions = integers(inputNames.positions, "B", "T");
  const branches = integers(inputNames.branches, "B", "T");
  const parameters = new TrainedParameters(graph, { ...settings, hasDropout: hasGradients });
  const weights = StoredWeights.bind(graph, checkpoint, decoder.landmark, parameters);
  const ropes = new Map<Rope, RopeInputs & { readonly rotary: Rotary }>();
  const kernels = trainable({ positions, branches }, dtype, provider === "cpu" ? "fused" : "plain");
  const hidden = decoder.build({ ids, positions, weights, kernels, rotary });

  let total = scalar(hidden, 0);
  const count = (name: string, value: Value, weight: number): void => {
    total = add(total, weight === 1 ? value : mul(value, scalar(value, weight)));
    graph.output(name, value);
  };
  if (objective === "reward") {
    const last = integers(inputNames.last, "B", 2);
    const ends = gather(hidden, reshape(last, ["2*B"]));
    const layers = parameters.head(head, hiddenSize);
    const rewards = reshape(reward(layers, ends), ["B", 2]);
    graph.output(outputNames.rewards, rewards);
    count(outputNames.rankingLoss, ranking(rewards, layers), 1);
    if (loss.rewardCentering > 0)
      total = add(total, mul(centeringLoss(rewards), scalar(rewards, loss.rewardCentering)));
    if (loss.lambda > 0) {
      const pairs = (sources: string, goals: string, dim: string): StateIndices => ({
        sources: integers(sources, dim),
        goals: integers(goals, dim),
      });
      const positive = pairs(inputNames.positiveSources, inputNames.positiveGoals, "S");
      const negative = pairs(inputNames.negativeSources, inputNames.negativeGoals, "N");
      const value = contrastiveLoss(hidden, positive, negative, loss.goal === "average");
      count(outputNames.contrastiveLoss, value, loss.lambda);
    }
  }
  const lmWeight = objective === "language-model" ? 1 : loss.lmWeight;
  if (lmWeight > 0) {
    const states = integers(inputNames.lmStates, "L");
    const targets = integers(inputNames.lmTargets, "L", 1);
    count(outputNames.lmLoss, languageModelLoss(hidden, states, targets, unembedding()), lmWeight);
  }
  graph.output(outputNames.loss, total);

  const gradientNames = hasGradients ? addGradients() : [];
  return {
    graph,
    parameters: parameters.all,
    masks: parameters.masks,
    ropes: [...ropes.values()],
    gradientNames,
  };

  function ranking(rewards: Value, layers: readonly HeadLayerValues[]): Value {
    const floats = (name: string, dim: string): Value => graph.input(name, dtype, [dim, 1]);
    if (loss.ranking === "last") return rankingLoss(rewards, floats(inputNames.margins, "B"));
    const tokens = gather(hidden, reshape(integers(inputNames.ranked, "R", 2), ["2*R"]));
    return tokenRankingLoss(
      reshape(reward(layers, tokens), ["R", 2]),
      floats(inputNames.rankedMargins, "R"),
      floats(inputNames.rankedWeights, "R"),
    );
  }

  function addGradients(): string[] {
    const values = parameters.all.map(({ value }) => value);
    const gradients = differentiate(total, values);
    return values.map((value) => {
      const gradient = gradients.get(value);
      if (!gradient) throw new Error(`${value.name} has no gradient`);
      graph.output(`gradient ${value.name}`, gradient);
      return `gradient ${value.name}`;
    });
  }

  /** Returns the matrix of the language model's logits: the stored one, or the embeddings if the weights are tied. */
  function unembedding(): Value {
    const own = [...checkpoint.tensors].find(([name]) => /^(lm_head|embed_out)\.weight$/.test(name));
    const isTied = checkpoint.config.flag("tie_word_embeddings", own === undefined);
    return own && !isTied
      ? weights.stored(own[1])
      : weights.parameter(decoder.landmark, [vocabularySize, hiddenSize], true);
  }

  function rotary(rope: Rope): Rotary {
    const known = ropes.get(rope);
    if (known) return known.rotary;
    const names = { cos: `rope_${ropes.size}_cos`, sin: `rope_${ropes.size}_sin` };
    const table = (name: string): Value => graph.input(name, dtype, ["M", rope.half]);
    const tables = { cos: table(names.cos), sin: table(names.sin) };
    ropes.set(rope, { rope, ...names, rotary: tables });
    return tables;
  }
}
