/** Times the same training step of every contestant in turn, after checking that losses and gradients agree. */
import { defaultLearningRate, defaultLoss, defaultSettings } from "../extension/protocol/train-settings";
import type { Peer } from "./peer";
import type { Timing } from "./protocol";
import { Table, whole } from "./report";
import { pairsFor, type readPairs, stepName, stepShapes, tokensOf } from "./training-pairs";
import type {
  Attention,
  LossWeights,
  StepFigures,
  StepRequest,
  TrainedMethod,
  TrainingRequests,
} from "./training-protocol";
import { median, ratio, type Turns } from "./turns";

export interface TrainingContestant {
  readonly label: string;
  readonly peer: Peer<TrainingRequests>;
  readonly attention: Attention;
}

/** Number of steps to compare; the later ones show whether the updates agree too. */
const comparedSteps = 3;
const tolerance = 1e-3;

/** Measures the steps; ratios compare the first contestant with each of the others. */
export async function measureSteps(
  method: TrainedMethod,
  contestants: readonly TrainingContestant[],
  encoded: Awaited<ReturnType<typeof readPairs>>,
  loss: LossWeights,
  turns: Turns,
  rounds: number,
): Promise<void> {
  const [first] = contestants;
  const table = new Table(`Training steps, ${method}`, [
    "step",
    "contestant",
    "seconds",
    "tokens/s",
    `${first?.label} ÷ contestant (min–max)`,
  ]);
  for (const shape of stepShapes) {
    const pairs = pairsFor(shape, encoded, defaultLoss.samples);
    const agreed = await requireSameFigures(method, contestants, { pairs, loss });
    console.error(`${stepName(shape)}: ${agreed}`);
    const runs = contestants.map(
      ({ peer, attention }) =>
        (): Promise<Timing> =>
          peer.ask("step", { pairs, loss, attention }),
    );
    const times = await turns.take(runs, rounds);
    const [ours = []] = times;
    for (const [i, theirs] of times.entries()) {
      const seconds = median(theirs);
      table.add([
        stepName(shape),
        contestants[i]?.label ?? "",
        seconds.toFixed(2),
        whole(tokensOf(pairs) / seconds),
        i === 0 ? "" : ratio(ours, theirs),
      ]);
    }
  }
}

/**
 * Takes a few steps with each contestant from the same weights.
 * @returns a summary of the losses and the largest difference
 * @throws Error if the figures differ
 */
async function requireSameFigures(
  method: TrainedMethod,
  contestants: readonly TrainingContestant[],
  request: Omit<StepRequest, "attention">,
): Promise<string> {
  const { weightDecay, maxGradNorm } = defaultSettings;
  let expected: readonly StepFigures[] | undefined;
  let worst = 0;
  for (const { label, peer, attention } of contestants) {
    await peer.ask("start", { learningRate: defaultLearningRate[method], weightDecay, maxGradNorm });
    const course: StepFigures[] = [];
    for (let step = 0; step < comparedSteps; step++) {
      course.push((await peer.ask("step", { ...request, attention })).figures);
    }
    expected ??= course;
    const difference = largestFigureDifference(expected, course);
    // Negated so that NaN fails.
    if (!(difference <= tolerance))
      throw new Error(`${label} diverges: ${JSON.stringify(course)}, expected ${JSON.stringify(expected)}`);
    worst = Math.max(worst, difference);
  }
  const losses = expected?.map(({ loss }) => loss.toFixed(4)).join(", ");
  return `losses of ${comparedSteps} steps (${losses}) and gradient norms within ${worst.toExponential(1)}`;
}

/** Returns the largest difference of losses and relative difference of norms, or NaN if only one has a term. */
function largestFigureDifference(a: readonly StepFigures[], b: readonly StepFigures[]): number {
  const terms = ["loss", "ranking", "contrastive", "lm"] as const;
  const differences = a.flatMap((one, step) => {
    const losses = terms.map((term) => {
      const [x, y] = [one[term], b[step]?.[term]];
      return x === undefined && y === undefined ? 0 : Math.abs((x ?? Number.NaN) - (y ?? Number.NaN));
    });
    return [...losses, Math.abs((b[step]?.gradNorm ?? Number.NaN) / one.gradNorm - 1)];
  });
  return Math.max(...differences);
}
