/** Writes a trained model as a Hugging Face folder: a whole model, or an adapter for its base. */
import type { TrainSettings } from "../../protocol/train-settings";
import { publishedClass } from "../architecture/families/families";
import { type TrainedLowRank, writeAdapter } from "../checkpoint/publishing/adapter-writer";
import { writeModel } from "../checkpoint/publishing/model-writer";
import type { NewTensor } from "../checkpoint/publishing/safetensors-writer";
import type { OpenedModel } from "../scoring/reward-model";
import type { TrainedTensor } from "./optimizer";

/** Writes into an empty folder. baseName: what an adapter calls its base. */
export async function exportModel(
  folder: string,
  { checkpoint, encoder }: OpenedModel,
  tensors: readonly TrainedTensor[],
  { method, lora, objective }: TrainSettings,
  baseName: string | undefined,
): Promise<void> {
  const whole = new Map<string, NewTensor>(tensors.map((tensor) => [tensor.name, tensor]));
  if (method !== "lora") {
    await writeModel(folder, checkpoint, publishedClass(checkpoint.config), whole, {
      // Scoring then appends the token as training did, even if the tokenizer's own settings are read differently
      // later.
      rewardInspector:
        encoder.eos.append === "always"
          ? { append_eos: true }
          : encoder.eos.append === "never"
            ? { append_eos: false }
            : {},
      keepsLmHead: objective === "language-model",
    });
    return;
  }
  const lowRank = new Map<string, TrainedLowRank>();
  for (const { name, ...a } of tensors) {
    if (!name.endsWith(".lora_A")) continue;
    const module = name.slice(0, -".lora_A".length);
    const b = whole.get(`${module}.lora_B`);
    if (b) lowRank.set(module, { a, b });
  }
  const head = new Map([...whole].filter(([name]) => !/\.lora_[AB]$/.test(name)));
  await writeAdapter(folder, checkpoint, publishedClass(checkpoint.config), {
    ...lora,
    lowRank,
    head,
    baseName,
  });
}
