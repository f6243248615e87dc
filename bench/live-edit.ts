/** Measures the cost of an edit with and without reuse of the prefix, in alternating turns. See README.md. */
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Checkpoint } from "../extension/engine/checkpoint/reading/checkpoint";
import type { DatasetRow } from "../extension/engine/data/rows/row";
import { cpu } from "../extension/engine/runtime/device";
import { defaultBatchTokens } from "../extension/engine/runtime/memory";
import { openModel, RewardModel } from "../extension/engine/scoring/reward-model";
import { Goals } from "../extension/engine/scoring/score";
import { scoreRows } from "../extension/engine/scoring/stream";
import type { ScoredRow } from "../extension/protocol/scores";
import { timed } from "./peers/timed";
import type { Timing } from "./protocol";
import { Table } from "./report";
import { median, ratio, Turns } from "./turns";

const prompt = "Mia has apples and buys more of them every day. How many does she have in the end?\n";
/** Places of an edit, as the fraction of the completion that precedes it. */
const places = { "near the end": 0.97, "in the middle": 0.5, "near the start": 0.03 } as const;

interface Edit extends Timing {
  /** Number of tokens that went through the model. */
  readonly computed: number;
  /** All rewards and Q-values, which must be the same with and without reuse. */
  readonly values: readonly number[];
}

class LiveEdit {
  private constructor(
    private readonly model: RewardModel,
    /** The unedited completion, from which each edit starts. */
    private readonly text: string,
  ) {}

  /** @param tokens length of the completion */
  static async open(folder: string, tokens: number): Promise<LiveEdit> {
    const model = await RewardModel.load(await openModel(await Checkpoint.open(folder)), cpu);
    const lines = Array.from({ length: tokens }, (_, i) => `She buys ${i} more: ${i} + ${i} = ${2 * i}.\n`);
    const { tokenizer } = model.opened.encoder;
    const { ends } = tokenizer.encode(lines.join(""), { addSpecialTokens: false });
    return new LiveEdit(model, lines.join("").slice(0, ends[tokens - 1]));
  }

  /**
   * Times an edit from text to scores, after the unedited text was scored the same way.
   * @param digit inserted character, which makes the edit a new one
   */
  async edit(share: number, digit: number, reuse: boolean): Promise<Edit> {
    const { session, prefixes } = this.model;
    prefixes.clear();
    if (reuse) await this.#score(this.text, true);
    const at = Math.floor(share * this.text.length);
    const edited = `${this.text.slice(0, at)}${digit % 10}${this.text.slice(at)}`;
    const before = session.computedTokens;
    const { result, timing } = await timed(() => this.#score(edited, reuse));
    const values = result.scores.flatMap(({ reward, tokenScores }) => [
      reward ?? Number.NaN,
      ...(tokenScores?.q.goal ?? []),
    ]);
    return { ...timing, computed: session.computedTokens - before, values };
  }

  async #score(completion: string, reuse: boolean): Promise<ScoredRow> {
    const { model } = this;
    const row: DatasetRow = {
      row: 0,
      place: "edited",
      completions: [{ role: "completion", prompt, completion }],
    };
    const data = Float32Array.from({ length: model.hiddenSize }, (_, i) => Math.sin(i));
    const options = {
      goals: new Goals([{ name: "goal", prototypes: 1, data }], model.hiddenSize),
      wantsTokens: true,
      batchTokens: defaultBatchTokens,
      maxLength: model.maxLength(),
      chat: false,
      reuse,
    };
    for await (const [scored] of scoreRows(model, each(row), options)) {
      if (scored && "scores" in scored) return scored;
    }
    throw new Error("the text could not be scored");
  }
}

async function* each<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function measure(live: LiveEdit, turns: Turns, rounds: number): Promise<void> {
  const header = [
    "edit",
    "time, no reuse ÷ reuse",
    "processor time",
    "tokens computed",
    "min ms with reuse",
    "min ms without",
  ];
  const table = new Table("Live edits", header);
  for (const [place, share] of Object.entries(places)) {
    const [reused, whole] = [await live.edit(share, 0, true), await live.edit(share, 0, false)];
    const error = Math.max(
      ...whole.values.map((value, i) => Math.abs(value - (reused.values[i] ?? Number.NaN))),
    );
    if (!(error < 1e-4)) throw new Error(`scores differ by ${error}, so there is nothing to measure`);
    const busy: Record<"ours" | "theirs", number[]> = { ours: [], theirs: [] };
    const turn = (who: keyof typeof busy) => async (): Promise<Timing> => {
      const edit = await live.edit(share, busy[who].length + 1, who === "ours");
      busy[who].push(edit.busySeconds);
      return edit;
    };
    const [withReuse = [], without = []] = await turns.take([turn("ours"), turn("theirs")], rounds);
    const least = (times: readonly number[]): string => (1000 * Math.min(...times)).toFixed(1);
    const computed = `${reused.computed} of ${whole.computed}`;
    const processor = (median(busy.theirs) / median(busy.ours)).toFixed(2);
    const figures = [ratio(withReuse, without), processor, computed, least(withReuse), least(without)];
    table.add([place, ...figures]);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", short: "m" },
      tokens: { type: "string", default: "300" },
      rounds: { type: "string", default: "7" },
      patience: { type: "string", default: "5" },
    },
  });
  if (values.model === undefined) throw new Error("specify a reward model folder with --model");
  const turns = new Turns(Number(values.patience));
  const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
  console.log(`${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores; load ${load()}`);
  await measure(
    await LiveEdit.open(resolve(values.model), Number(values.tokens)),
    turns,
    Number(values.rounds),
  );
  console.log(`\n${turns.summary}; load at the end ${load()}`);
}

void main();
