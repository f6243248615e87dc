/** Training through the engine process: events, `kill -9` during a run, pausing, stopping and bad input. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { InputError } from "../../extension/engine/errors";
import { EngineClient } from "../../extension/engine/process/client";
import { EngineCrash } from "../../extension/engine/process/engine-process";
import { readMetrics } from "../../extension/engine/training/store/metrics-file";
import {
  endless,
  Heard,
  kill,
  killingAt,
  recordOf,
  repeatable,
  request,
  settings,
  steps,
} from "../support/engine-training";
import { checkpoint, root } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

// If other processes use the same cores, the runtime's threads wait for each other, and steps take ten times as long.
vi.setConfig({ testTimeout: 240_000 });

const clients: EngineClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

function start(
  onCrash: (reason: string) => void = () => undefined,
  engineFile = join(root, "dist/engine.js"),
): EngineClient {
  const client = new EngineClient({ engineFile, onCrash });
  clients.push(client);
  return client;
}

test("a run killed twice resumes, reports every row once, and matches an uninterrupted run", async () => {
  const asked = await request();
  const unbroken = new Heard();
  const whole = await start().train(asked, unbroken);
  expect(unbroken.rows.filter(({ kind }) => kind === "step").map(({ step }) => step)).toEqual(
    Array.from({ length: steps }, (_, i) => i + 1),
  );
  expect(unbroken.rows.filter(({ kind }) => kind === "evaluation").map(({ step }) => step)).toEqual([
    7, 14, 21, 28, 35, 40,
  ]);

  const crashes: string[] = [];
  const killAt = [4, 16];
  const client = start((reason) => crashes.push(reason));
  const broken = new Heard(killingAt(killAt, client));
  const out = `${asked.out}-broken`;
  const result = await client.train({ ...asked, out }, broken);
  expect(crashes).toEqual(["SIGKILL", "SIGKILL"]);
  expect(broken.starts).toHaveLength(1);
  expect(broken.starts[0]).toMatchObject({ run: "test", folder: out, record: { steps, step: 0 } });
  expect(repeatable(broken.rows)).toEqual(repeatable(unbroken.rows));
  expect(repeatable(await readMetrics(out))).toEqual(repeatable(unbroken.rows));
  expect(result).toEqual({ folder: out, record: await recordOf(out), model: join(out, "model") });
  expect(result.record).toMatchObject({ status: "finished", best: whole.record.best });
  const [one, other] = await Promise.all(
    [asked.out, out].map((folder) => readFile(join(folder, "model/adapter_model.safetensors"))),
  );
  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
});

test("canceling pauses a run and returns its record, and resuming continues after the last row", async () => {
  const asked = await request({ settings: endless });
  const abort = new AbortController();
  const client = start();
  const before = new Heard(({ step }) => step === 12 && abort.abort(new Error("enough")));
  const paused = await client.train(asked, before, abort.signal);
  expect(paused.model).toBeUndefined();
  expect(paused.record).toMatchObject({ status: "paused", step: before.step });

  const goal = before.step + 20;
  const after = new Heard(({ step }) => step === goal && void client.stopTraining({ run: "again" }));
  await client.resume({ run: "again", folder: asked.out, device: "cpu" }, after);
  expect(after.starts.map(({ record }) => record.step)).toEqual([before.step]);
  expect(after.rows[0]?.step).toBe(before.step + 1);
  expect(repeatable([...before.rows, ...after.rows])).toEqual(repeatable(await readMetrics(asked.out)));
});

test("a run is paused even if its engine is killed during the pause", async () => {
  const asked = await request({ settings: endless });
  const abort = new AbortController();
  const crashes: string[] = [];
  const client = start((reason) => crashes.push(reason));
  const heard = new Heard(({ step }) => {
    if (step !== 12) return;
    kill(client);
    abort.abort();
  });
  const { record } = await client.train(asked, heard, abort.signal);
  expect(crashes).toEqual(["SIGKILL"]);
  expect(record.status).toBe("paused");
  expect(await recordOf(asked.out)).toEqual(record);
});

test("a resumed run that is killed does not report earlier steps", async () => {
  const asked = await request({ settings: endless });
  const abort = new AbortController();
  const client = start();
  const before = new Heard(({ step }) => step === 12 && abort.abort());
  await client.train(asked, before, abort.signal);
  const killAt = [before.step + 8];
  const killing = killingAt(killAt, client);
  const goal = before.step + 30;
  const after = new Heard((row) => {
    killing(row);
    if (row.step === goal) void client.stopTraining({ run: "test" });
  });
  const { record } = await client.resume({ run: "test", folder: asked.out, device: "cpu" }, after);
  expect(killAt).toEqual([]);
  expect(record.status).toBe("stopped");
  expect(after.starts).toHaveLength(1);
  expect(repeatable([...before.rows, ...after.rows])).toEqual(repeatable(await readMetrics(asked.out)));
});

test("stopping a run early writes a model", async () => {
  const asked = await request({ settings: endless });
  const client = start();
  const heard = new Heard(({ step }) => step === 5 && void client.stopTraining({ run: "test" }));
  const { record, model } = await client.train(asked, heard);
  expect(record).toMatchObject({ status: "stopped", reason: `stopped after step ${heard.step}` });
  await client.inspect({ model: model ?? "", device: "cpu" });
});

test("a stop request survives a crash", async () => {
  const asked = await request({ settings: endless });
  const crashes: string[] = [];
  const client = start((reason) => crashes.push(reason));
  const heard = new Heard(({ step }) => {
    if (step !== 12) return;
    kill(client);
    void client.stopTraining({ run: "test" });
  });
  const { record, model } = await client.train(asked, heard);
  expect(crashes).toEqual(["SIGKILL"]);
  expect(record.status).toBe("stopped");
  expect((await stat(model ?? "")).isDirectory()).toBe(true);
});

test("rows are scored during a training run", async () => {
  const asked = await request({ settings: endless });
  const client = start();
  let scoring: Promise<number> | undefined;
  const heard = new Heard(() => {
    scoring ??= score();
  });
  const training = client.train(asked, heard);
  async function score(): Promise<number> {
    const rows = [
      { row: 0, place: "a", completions: [{ role: "completion", prompt: "Hi ", completion: "there" }] },
    ] as const;
    const { rows: scored } = await client.score({ model: checkpoint, device: "cpu", rows, tokens: false });
    const [first] = scored;
    const { step } = heard;
    await client.stopTraining({ run: "test" });
    expect(first && "scores" in first && first.scores[0]?.reward).toEqual(expect.any(Number));
    return step;
  }
  const { record } = await training;
  // The run ends only because it is stopped, after the scores have arrived.
  expect(record.status).toBe("stopped");
  expect(await scoring).toBeLessThanOrEqual(record.step);
});

test("bad input and stopping a run that is not running are InputErrors", async () => {
  const client = start();
  const asked = await request();
  const failing = client.train({ ...asked, dataset: join(root, "no-such-file.jsonl") }, new Heard());
  await expect(failing).rejects.toThrow(InputError);
  await expect(failing).rejects.toMatchObject({ place: expect.stringContaining("no-such-file.jsonl") });
  const lost = client.resume({ run: "test", folder: asked.out, device: "cpu" }, new Heard());
  await expect(lost).rejects.toThrow(InputError);
  await expect(lost).rejects.toThrow(/this run folder does not exist/);
  const unknown = client.stopTraining({ run: "other" });
  await expect(unknown).rejects.toThrow(InputError);
  await expect(unknown).rejects.toThrow("no training run of that name is running");
  const aborted = client.train(asked, new Heard(), AbortSignal.abort(new Error("enough")));
  await expect(aborted).rejects.toThrow("enough");
  await expect(stat(asked.out)).rejects.toThrow("ENOENT");
});

test("training fails after two crashes without a step, and leaves another run's folder alone", async () => {
  const folder = await temporaryFolder();
  const dying = join(folder, "engine.cjs");
  const log = join(folder, "asked.txt");
  await writeFile(
    dying,
    `process.on("message", ({ id, method, params }) => {
      require("node:fs").appendFileSync(${JSON.stringify(log)}, method + "\\n");
      if (method !== "findRun") process.kill(process.pid, "SIGKILL");
      // The folder already contains a run.
      process.send({ jsonrpc: "2.0", id, result: { folder: params.folder, problem: "is another's" } });
    });`,
  );
  const asked = await request();
  await start().train({ ...asked, settings: { ...settings, maxSteps: 1 } }, new Heard());
  const finished = await recordOf(asked.out);
  const failing = start(undefined, dying).train(asked, new Heard());
  await expect(failing).rejects.toThrow(EngineCrash);
  await expect(failing).rejects.toThrow(
    /crashed twice during the same request \(SIGKILL\).*try the device cpu/,
  );
  // After each crash, the client reads the folder for rows that were written but not reported.
  expect(await readFile(log, "utf8")).toBe("findRun\ntrain\nfindRun\ntrain\nfindRun\n");
  expect(await recordOf(asked.out)).toEqual(finished);
});
