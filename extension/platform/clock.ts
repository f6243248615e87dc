import type { Clock } from "../scores/scheduler";

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delay, work) => {
    const timer = setTimeout(work, delay);
    return () => clearTimeout(timer);
  },
};
