/** Alternates between contestants, so that other work on the machine affects all of them equally. */
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Timing } from "./protocol";

/** One contestant's times in seconds, one per round. */
export type Times = readonly number[];

/** Number of cores that other work may use during a turn before the turn is repeated. */
const tolerated = 0.2;

export class Turns {
  #taken = 0;
  #disturbed = 0;

  /** @param patience seconds that a turn may spend waiting and retrying while other work disturbs it */
  constructor(private readonly patience: number) {}

  /** Takes turns for several rounds; each round starts with the next contestant. */
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

  /** Summarizes how often other work disturbed the measurements. */
  get summary(): string {
    return `other work used more than ${tolerated} cores in ${this.#disturbed} of ${this.#taken} turns`;
  }

  /** Returns the seconds of the attempt that other work disturbed least. */
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

/** Waits until no other work is running, or until `end`. The peers themselves are idle between turns. */
async function quiet(end: number): Promise<void> {
  let before: number;
  do {
    before = busySeconds();
    await setTimeout(500);
  } while ((busySeconds() - before) / 0.5 > tolerated && performance.now() < end);
}

/** Returns the total busy seconds of all cores. */
function busySeconds(): number {
  const milliseconds = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return milliseconds.reduce((total, each) => total + each, 0) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Formats how many times faster ours is: the median ratio of all rounds, with the minimum and maximum. */
export function ratio(ours: Times, theirs: Times): string {
  const ratios = ours.map((seconds, round) => (theirs[round] ?? Number.NaN) / seconds);
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
