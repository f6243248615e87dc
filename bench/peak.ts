/** Measures the machine's peak matrix throughput, to which the model's forward pass is compared. */
import type { Work } from "./flops";
import type { Peer } from "./peer";
import type { Peers } from "./peers";
import type { Timing } from "./protocol";
import { Table, whole } from "./report";
import type { Turns } from "./turns";

/** Number of tokens in the products that use the model's own widths. */
const tokens = 2048;
/** Operations per turn, enough to detect whether other work disturbed it. */
const enough = 1e11;

/** Returns the GFLOP/s of the best product on either runtime: a peak is given by the best turn, not the median. */
export async function measurePeak(
  { engine, pytorch }: Peers,
  work: Work,
  turns: Turns,
  rounds: number,
): Promise<number> {
  const { hiddenSize, innerSize, attentionWidth } = work;
  const shapes = [
    { rows: 2048, inner: 2048, columns: 2048 },
    { rows: tokens, inner: hiddenSize, columns: attentionWidth },
    { rows: tokens, inner: hiddenSize, columns: innerSize },
    { rows: tokens, inner: innerSize, columns: hiddenSize },
  ];
  const table = new Table("Matrix products, float32, GFLOP/s, best turn", [
    "product",
    "onnxruntime-node",
    "PyTorch",
  ]);
  let peak = 0;
  for (const shape of shapes) {
    const once = 2 * shape.rows * shape.inner * shape.columns;
    const times = Math.ceil(enough / once);
    const flops = times * once;
    const product = (peer: Peer) => (): Promise<Timing> => peer.ask("matmul", { ...shape, times });
    const seconds = await turns.take([product(engine), product(pytorch)], rounds);
    const [ours = Number.NaN, theirs = Number.NaN] = seconds.map((each) => flops / Math.min(...each) / 1e9);
    peak = Math.max(peak, ours, theirs);
    table.add([`${shape.rows}×${shape.inner} · ${shape.inner}×${shape.columns}`, whole(ours), whole(theirs)]);
  }
  return peak;
}
