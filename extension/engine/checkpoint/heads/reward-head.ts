/** The reward head of a checkpoint: a linear layer or the paper's MLP on the last hidden state. */
import { InputError } from "../../errors";
import type { StoredTensor } from "../../model-folder/safetensors";

export interface HeadLayer {
  /** [out,in] */
  readonly weight: StoredTensor;
  /** [out] */
  readonly bias: StoredTensor | undefined;
}

/** Layers in order, with ReLU between them; the last gives one number. */
export interface RewardHead {
  /** Name of the tensors, as `score.weight` or `value_head.{0,2,4,6}`. */
  readonly name: string;
  readonly layers: readonly HeadLayer[];
}

/** Where each tool keeps its head: transformers and TRL, OpenRLHF and the paper, TRL's value-head models. */
const linearNames = ["score", "value_head", "v_head.summary"] as const;
/** Layers numbered as torch.nn.Sequential does, activations counted: the paper's head, Qwen's reward models. */
const sequentialNames = ["value_head", "score"] as const;

/** The head among the tensors, or undefined where there is none. Throws InputError where it does not fit the width. */
export function findRewardHead(
  tensors: ReadonlyMap<string, StoredTensor>,
  hiddenSize: number,
): RewardHead | undefined {
  for (const name of linearNames) {
    const layer = layerAt(tensors, name);
    if (layer) return checked({ name: `${name}.weight`, layers: [layer] }, hiddenSize);
  }
  for (const name of sequentialNames) {
    const steps = [...tensors.keys()]
      .filter((key) => key.startsWith(`${name}.`) && key.endsWith(".weight"))
      .map((key) => key.slice(name.length + 1, -".weight".length))
      .filter((step) => /^\d+$/.test(step))
      .sort((a, b) => Number(a) - Number(b));
    const layers = steps
      .map((step) => layerAt(tensors, `${name}.${step}`))
      .filter((layer) => layer !== undefined);
    if (layers.length > 0) return checked({ name: `${name}.{${steps}}`, layers }, hiddenSize);
  }
  return undefined;
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
      `the head ${last.name} gives ${width} numbers a token, a reward head gives 1 (num_labels 1)`,
    );
  }
  return head;
}

function misfit(tensor: StoredTensor, expected: string): InputError {
  return new InputError(
    tensor.place,
    `tensor ${tensor.name} has the shape [${tensor.shape}], expected ${expected} to fit the hidden size`,
  );
}
