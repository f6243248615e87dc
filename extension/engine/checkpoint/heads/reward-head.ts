/** The reward head of a checkpoint: a linear layer or the paper's MLP on the last hidden state. */
import { InputError } from "../../errors";
import type { StoredTensor } from "../../model-folder/safetensors";
import type { Checkpoint } from "../reading/checkpoint";

export interface HeadLayer {
  /** [out,in] */
  readonly weight: StoredTensor;
  /** [out] */
  readonly bias: StoredTensor | undefined;
}

/** Layers in order, with ReLU between them; the last one outputs one number per token. */
export interface RewardHead {
  /** Name of the tensors, such as `score.weight` or `value_head.{0,2,4,6}`. */
  readonly name: string;
  readonly layers: readonly HeadLayer[];
}

/** Names of linear heads: transformers and TRL, OpenRLHF and the paper, TRL's value-head models. */
const linearNames = ["score", "value_head", "v_head.summary"] as const;
/** Names of torch.nn.Sequential heads, whose numbering includes activations: the paper's head, Qwen's reward models. */
const sequentialNames = ["value_head", "score"] as const;

/**
 * Returns the reward head among the tensors, or undefined if there is none. A head among an adapter's `own` tensors
 * replaces a head of the base. Throws InputError if there are several heads or the head does not fit the hidden size.
 */
export function findRewardHead(
  tensors: ReadonlyMap<string, StoredTensor>,
  hiddenSize: number,
  own: ReadonlySet<StoredTensor> = new Set(),
): RewardHead | undefined {
  const all = [...linearHeads(tensors), ...sequentialHeads(tensors)];
  const ofAdapter = all.filter(({ layers }) => layers.some(({ weight }) => own.has(weight)));
  const heads = ofAdapter.length > 0 ? ofAdapter : all;
  const [head, other] = heads;
  if (!head) return undefined;
  if (other) {
    throw new InputError(
      head.layers[0]?.weight.place ?? "model.safetensors",
      `has several reward heads, ${heads.map(({ name }) => name).join(" and ")}, and does not say which one to use; ` +
        "remove the tensors of the others",
    );
  }
  return checked(head, hiddenSize);
}

/** Returns the reward head of an opened checkpoint. Throws the same errors as findRewardHead. */
export function rewardHeadOf(
  { tensors, adapter }: Pick<Checkpoint, "tensors" | "adapter">,
  hiddenSize: number,
): RewardHead | undefined {
  return findRewardHead(tensors, hiddenSize, new Set(adapter?.replacements.values()));
}

function linearHeads(tensors: ReadonlyMap<string, StoredTensor>): RewardHead[] {
  return linearNames.flatMap((name) => {
    const layer = layerAt(tensors, name);
    return layer ? [{ name: `${name}.weight`, layers: [layer] }] : [];
  });
}

function sequentialHeads(tensors: ReadonlyMap<string, StoredTensor>): RewardHead[] {
  return sequentialNames.flatMap((name) => {
    const steps = [...tensors.keys()]
      .filter((key) => key.startsWith(`${name}.`) && key.endsWith(".weight"))
      .map((key) => key.slice(name.length + 1, -".weight".length))
      .filter((step) => /^\d+$/.test(step))
      .sort((a, b) => Number(a) - Number(b));
    const layers = steps
      .map((step) => layerAt(tensors, `${name}.${step}`))
      .filter((layer) => layer !== undefined);
    return layers.length > 0 ? [{ name: `${name}.{${steps}}`, layers }] : [];
  });
}

function layerAt(tensors: ReadonlyMap<string, StoredTensor>, name: string): HeadLayer | undefined {
  const weight = tensors.get(`${name}.weight`);
  return weight && { weight, bias: tensors.get(`${name}.bias`) };
}

function checked(head: RewardHead, hiddenSize: number): RewardHead {
  let width = hiddenSize;
  for (const { weight, bias } of head.layers) {
    const [out, inputs] = weight.shape;
    if (weight.shape.length !== 2 || out === undefined || inputs !== width) {
      throw misfit(weight, `[?,${width}]`);
    }
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== out)) throw misfit(bias, `[${out}]`);
    width = out;
  }
  const last = head.layers.at(-1)?.weight;
  if (last && width !== 1) {
    throw new InputError(
      last.place,
      `the head ${last.name} outputs ${width} numbers per token, but a reward head outputs 1; classifiers and process reward models are not supported`,
    );
  }
  checkNumbering(head);
  return head;
}

function misfit(tensor: StoredTensor, expected: string): InputError {
  return new InputError(
    tensor.place,
    `tensor ${tensor.name} has the shape [${tensor.shape}], expected ${expected} to fit the hidden size`,
  );
}

/** torch.nn.Sequential also numbers activations, so consecutive numbers mean layers without an activation between. */
function checkNumbering({ name, layers }: RewardHead): void {
  const steps = /\{(.*)\}$/.exec(name)?.[1]?.split(",").map(Number) ?? [];
  const at = steps.findIndex((step, i) => i > 0 && step === (steps[i - 1] ?? 0) + 1);
  const weight = layers[at]?.weight;
  if (at < 0 || !weight) return;
  throw new InputError(
    weight.place,
    `layers ${steps[at - 1]} and ${steps[at]} of the head ${name} have no activation between them, which is not supported`,
  );
}
