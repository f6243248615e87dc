/** Opens the session that a run trains in, on its device or, where that refuses, on the CPU. */

import type { TrainSettings } from "../../../protocol/train-settings";
import { InputError, messageOf } from "../../errors";
import { cpu, type Device } from "../../runtime/device";
import type { OpenedModel } from "../../scoring/reward-model";
import { TrainingSession } from "./training-session";

export interface OpenedSession {
  readonly session: TrainingSession;
  /** What it runs on. */
  readonly device: Device;
  /** Why that is not the device asked for. */
  readonly notes: readonly string[];
}

/** A device that takes the probe's model may still refuse a training graph, for its operators or its size. */
export async function openSession(
  model: OpenedModel,
  settings: TrainSettings,
  device: Device,
): Promise<OpenedSession> {
  const create = ({ provider }: Device): Promise<TrainingSession> =>
    TrainingSession.create(model, settings, provider, settings.seed);
  try {
    return { session: await create(device), device, notes: [] };
  } catch (error) {
    if (device.provider === "cpu" || error instanceof InputError) throw error;
    const note = `${device.provider} cannot train this model (${messageOf(error)}); training on the CPU.`;
    return { session: await create(cpu), device: cpu, notes: [note] };
  }
}
