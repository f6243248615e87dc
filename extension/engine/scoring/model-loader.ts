/** Loads models, one after another, and refuses those that the memory cannot hold. */
import type { Checkpoint } from "../checkpoint/reading/checkpoint";
import { InputError, messageOf } from "../errors";
import { availableMemory } from "../runtime/available-memory";
import { cpu, type Device } from "../runtime/device";
import type { ScoringUse } from "../runtime/memory";
import { checkModelFits, memoryOf } from "./model-memory";
import { type OpenedModel, openModel, RewardModel } from "./reward-model";

export class ModelLoader {
  /** Each load must see the memory that those before it took. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param releaseIdle releases the models that nobody uses
   * @param available bytes of memory that a model may take; replaced in tests
   */
  constructor(
    private readonly releaseIdle: () => Promise<void>,
    private readonly available: () => Promise<number> = availableMemory,
  ) {}

  /**
   * A device that takes the probe's model may still refuse this one, usually for its size; the CPU takes it then.
   * Throws InputError, with the numbers, if the memory cannot hold the model.
   */
  load(checkpoint: Checkpoint, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
    const loaded = this.#last.then(() => this.#load(checkpoint, device, use));
    this.#last = loaded.catch(() => undefined);
    return loaded;
  }

  async #load(checkpoint: Checkpoint, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
    const opened = await openModel(checkpoint);
    if (device.provider === "cpu") return this.#loadOnCpu(opened, device, use);
    try {
      return await RewardModel.load(opened, device);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const note = `${device.provider} cannot load this model (${messageOf(error)}); running on the CPU.`;
      return this.#loadOnCpu(opened, cpu, use, [note]);
    }
  }

  /** Checked first: when memory runs out, the system ends this process, or another one. */
  async #loadOnCpu(
    opened: OpenedModel,
    device: Device,
    use: Partial<ScoringUse>,
    notes: readonly string[] = [],
  ): Promise<RewardModel> {
    if (memoryOf(opened, use).total > (await this.available())) {
      await this.releaseIdle();
      checkModelFits(opened, use, await this.available());
    }
    return RewardModel.load(opened, device, notes);
  }
}
