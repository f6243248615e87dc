/** Loads models one after another and refuses those that do not fit in memory. */
import { Checkpoint } from "../checkpoint/reading/checkpoint";
import { fingerprint } from "../checkpoint/reading/fingerprint";
import { InputError, messageOf } from "../errors";
import { availableMemory } from "../runtime/available-memory";
import { cpu, type Device } from "../runtime/device";
import type { ScoringUse } from "../runtime/memory";
import { checkModelFits, memoryOf } from "./model-memory";
import { type OpenedModel, openModel, RewardModel } from "./reward-model";

/** A model on disk. */
export interface ModelSource {
  readonly folder: string;
  /** Folder of the base model if this is an adapter; otherwise the same as `folder`. */
  readonly baseFolder: string;
  /** Fingerprint of its files at the time of the request. */
  readonly stamp: string;
}

export class ModelLoader {
  /** The last load. Loads run in sequence, so that each one sees the memory taken by those before it. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param releaseIdle releases all idle models
   * @param available returns the bytes of memory that a model may take; replaced in tests
   */
  constructor(
    private readonly releaseIdle: () => Promise<void>,
    private readonly available: () => Promise<number> = availableMemory,
  ) {}

  /**
   * Loads a model on a device. A device that passed the probe may still refuse a model, usually because of its size;
   * the model is then loaded on the CPU. Throws InputError, with the numbers, if the model does not fit in memory, or
   * if its files change during loading.
   */
  load(source: ModelSource, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
    const loaded = this.#last.then(() => this.#loadUnchanged(source, device, use));
    this.#last = loaded.catch(() => undefined);
    return loaded;
  }

  /** Loads a model, and refuses it if its files changed during loading, as old and new weights could be mixed. */
  async #loadUnchanged(
    { folder, baseFolder, stamp }: ModelSource,
    device: Device,
    use: Partial<ScoringUse>,
  ): Promise<RewardModel> {
    const opened = await openModel(await Checkpoint.open(folder, baseFolder));
    const model = await this.#load(opened, device, use);
    if (opened.fingerprint === stamp && (await fingerprint(opened.checkpoint)) === stamp) return model;
    await model.release();
    throw new InputError(folder, "changed while it was loaded; try again after its files are written");
  }

  async #load(opened: OpenedModel, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
    if (device.provider === "cpu") return this.#loadOnCpu(opened, device, use);
    try {
      return await RewardModel.load(opened, device);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const note = `${device.provider} cannot load this model (${messageOf(error)}). Using the CPU.`;
      return this.#loadOnCpu(opened, cpu, use, [note]);
    }
  }

  /** Loads a model on the CPU. Memory is checked first, because the system kills a process when memory runs out. */
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
