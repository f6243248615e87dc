/** Loads models, one after another, and refuses those that the memory cannot hold. */
import { Checkpoint } from "../checkpoint/reading/checkpoint";
import { fingerprint } from "../checkpoint/reading/fingerprint";
import { InputError, messageOf } from "../errors";
import { availableMemory } from "../runtime/available-memory";
import { cpu, type Device } from "../runtime/device";
import type { ScoringUse } from "../runtime/memory";
import { checkModelFits, memoryOf } from "./model-memory";
import { type OpenedModel, openModel, RewardModel } from "./reward-model";

/** A model on the disk. */
export interface ModelSource {
  readonly folder: string;
  /** Folder of an adapter's base; the model's own if it is no adapter. */
  readonly baseFolder: string;
  /** Fingerprint of its files when it was asked for. */
  readonly stamp: string;
}

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
   * Throws InputError, with the numbers, if the memory cannot hold the model, or if its files change meanwhile.
   */
  load(source: ModelSource, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
    const loaded = this.#last.then(() => this.#loadUnchanged(source, device, use));
    this.#last = loaded.catch(() => undefined);
    return loaded;
  }

  /** A model whose files change while it is loaded would be half of each. */
  async #loadUnchanged(
    { folder, baseFolder, stamp }: ModelSource,
    device: Device,
    use: Partial<ScoringUse>,
  ): Promise<RewardModel> {
    const opened = await openModel(await Checkpoint.open(folder, baseFolder));
    const model = await this.#load(opened, device, use);
    if (opened.fingerprint === stamp && (await fingerprint(opened.checkpoint)) === stamp) return model;
    await model.release();
    throw new InputError(folder, "changed while it was loaded; try again when its files are written");
  }

  async #load(opened: OpenedModel, device: Device, use: Partial<ScoringUse>): Promise<RewardModel> {
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
