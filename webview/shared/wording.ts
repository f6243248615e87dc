/** Rewards and shares as the panels write them. Pure. */
import { signed } from "../../extension/tokens/wording";

/** Rewards have no bounds: two digits for small ones, one beyond 10. */
export function rewardText(reward: number | null): string {
  return reward === null ? "–" : signed(reward, Math.abs(reward) < 10 ? 2 : 1);
}

/** Never 100 % of what is not all. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  const held = share < 1 && rounded === 100 ? 99 : share > 0 && rounded === 0 ? 1 : rounded;
  return `${held}\u00a0%`;
}
