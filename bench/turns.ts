/** Takes turns, so that whatever else the machine does meets every contestant alike. */
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Timing } from "./protocol";

/** One contestant's times, in seconds, by round. */
export type Times = readonly number[];

/** Cores that other work may take during a turn before the turn is taken again. */
const tolerated = 0.2;

export class Turns {
  #taken = 0;
  #disturbed = 0;

  /** @param patience seconds that a turn may wait, and be taken again, while other work disturbs it */
  constructor(private readonly patience: number) {}

  /** Rounds in which each runs once; who starts moves on by one a round. */
  async take(contestants: readonly (() => Promise<Timing>)[], rounds: number): Promise<Times[]> {
    const times: number[][] = contestants.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const who = (round + turn) % contestants.length;
        const contestant = contestants[who];
        if (contestant) times[who]?.push(await this.#one(contestant));
      }
    }
    return times;
  }

  /** How far the figures can be trusted. */
  get summary(): string {
    return `other work took over ${tolerated} cores in ${this.#disturbed} of ${this.#taken} turns`;
  }

  /** Seconds of the attempt that other work disturbed least. */
  async #one(contestant: () => Promise<Timing>): Promise<number> {
    const end = performance.now() + 1000 * this.patience;
    let best = { seconds: Number.NaN, foreign: Number.POSITIVE_INFINITY };
    do {
      await quiet(end);
      const before = busySeconds();
      const { seconds, busySeconds: own } = await contestant();
      const foreign = (busySeconds() - before - own) / seconds;
      if (foreign < best.foreign) best = { seconds, foreign };
    } while (best.foreign > tolerated && performance.now() < end);
    this.#taken++;
    if (best.foreign > tolerated) this.#disturbed++;
    return best.seconds;
  }
}

/** Waits until no other work is under way, but not past `end`. The peers themselves are idle between turns. */
async function quiet(end: number): Promise<void> {
  let before: number;
  do {
    before = busySeconds();
    await setTimeout(500);
  } while ((busySeconds() - before) / 0.5 > tolerated && performance.now() < end);
}

/** Seconds that all cores together have worked. */
function busySeconds(): number {
  const milliseconds = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return milliseconds.reduce((total, each) => total + each, 0) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** How many times faster ours is, as the median of the rounds' ratios with the least and the greatest. */
export function ratio(ours: Times, theirs: Times): string {
  const ratios = ours.map((seconds, round) => (theirs[round] ?? Number.NaN) / seconds);
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
