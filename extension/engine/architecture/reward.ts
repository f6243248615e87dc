/** Adds the reward head to a graph. */
import type { Value } from "../graph/graph";
import { relu } from "../graph/ops/activation";
import { gemm } from "../graph/ops/matrix";

export interface HeadLayerValues {
  /** [out,in] */
  readonly weight: Value;
  /** [out] */
  readonly bias: Value | undefined;
}

/** Partial reward of each token, the head on its hidden state. hidden: [N,H] → [N,1]. Paper eq. 4, at every t. */
export function reward(layers: readonly HeadLayerValues[], hidden: Value): Value {
  return layers.reduce(
    (x, { weight, bias }, i) => gemm(i > 0 ? relu(x) : x, weight, { transB: true, bias }),
    hidden,
  );
}
