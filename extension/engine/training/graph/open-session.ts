/** Opens a run's training session on its device, or on the CPU if the device refuses the graph. */
import type { TrainSettings } from "../../../protocol/train-settings";
import { InputError, messageOf } from "../../errors";
import { cpu, type Device } from "../../runtime/device";
import type { OpenedModel } from "../../scoring/reward-model";
import { TrainingSession } from "./training-session";

export interface OpenedSession {
  readonly session: TrainingSession;
  /** Device that the session uses. */
  readonly device: Device;
  /** Why this is not the requested device, if it is not. */
  readonly notes: readonly string[];
}

/**
 * A device that runs the probe's model may still refuse a training graph because of its operators or its size. Throws
 * InputError if the model itself cannot be trained.
 */
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
