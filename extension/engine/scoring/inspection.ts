/** Describes a model for `inspect` without loading its weights. */

import type { Inspection } from "../../protocol/models";
import { listGoalStates } from "../checkpoint/goals/goal-store";
import { describeRule } from "../checkpoint/heads/reward-token";
import type { Encoder } from "./encode";
import { memoryOf } from "./model-memory";
import type { OpenedModel } from "./reward-model";
import { readRewardQuantiles } from "./reward-quantiles";

export async function inspectModel(opened: OpenedModel): Promise<Inspection> {
  const { checkpoint, decoder, head, encoder } = opened;
  const { shape } = decoder;
  const tensors = [...checkpoint.tensors].filter(
    ([name]) => !/(^|\.)(lm_head|embed_out)\.weight$/.test(name),
  );
  const stored = [...tensors.map(([, tensor]) => tensor), ...(checkpoint.adapter?.lowRankTensors() ?? [])];
  const parameters = stored.reduce(
    (total, { shape: dims }) => total + dims.reduce((n, dim) => n * dim, 1),
    0,
  );
  const { adapter } = checkpoint;
  return {
    folder: checkpoint.folder,
    family: checkpoint.config.string("model_type", ""),
    layers: shape.layers,
    width: shape.hiddenSize,
    parameters,
    head: head?.name ?? null,
    rewardToken: rewardTokenText(encoder),
    dtype: commonest(stored.map(({ type }) => type)).join(", "),
    vocabulary: shape.vocabularySize,
    maxPositions: shape.maxPositions,
    tokenizer: encoder.tokenizer.kind,
    template: encoder.template !== undefined,
    eos: encoder.eos.reason,
    adapter: adapter ? { rank: adapter.rank, alpha: adapter.alpha, base: checkpoint.baseFolder } : null,
    goalStates: await listGoalStates(checkpoint.folder),
    notes: opened.notes,
    memory: memoryOf(opened, { keeps: true }),
    rewardQuantiles: await readRewardQuantiles(checkpoint.folder),
  };
}

export function rewardTokenText({ rewardToken, tokenizer }: Encoder): string {
  return describeRule(rewardToken, (id) => tokenizer.tokenText(id));
}

function commonest(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}
