/** The engine process as its client sees it: answers, cancellation, and `kill -9` at any time. */
import { copyFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { DatasetRow } from "../../extension/engine/data/rows/row";
import { InputError } from "../../extension/engine/errors";
import { EngineClient } from "../../extension/engine/process/client";
import { EngineCrash } from "../../extension/engine/process/engine-process";
import type { RowsMessage, RunEvents, ScoreDatasetRequest } from "../../extension/protocol/scoring";
import { checkpoint, root, writePairs } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

const engineFile = join(root, "dist/engine.js");
const clients: EngineClient[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const client of clients.splice(0)) client.dispose();
});

function start(onCrash?: (reason: string) => void): EngineClient {
  const client = new EngineClient({ engineFile, ...(onCrash ? { onCrash } : {}) });
  clients.push(client);
  return client;
}

type Row = RowsMessage["rows"][number];

function collecting(
  rows: Row[],
  each: (message: RowsMessage) => Promise<void> = async () => undefined,
): RunEvents {
  return {
    started: () => undefined,
    progress: () => undefined,
    rows: async (message) => {
      await each(message);
      rows.push(...message.rows);
    },
  };
}

async function request(rows: number): Promise<ScoreDatasetRequest> {
  const dataset = join(await temporaryFolder(), "pairs.jsonl");
  await writePairs(dataset, rows);
  return {
    run: "test",
    model: checkpoint,
    device: "cpu",
    dataset,
    tokens: false,
    strict: false,
    batchTokens: 128,
  };
}

test("a request whose engine is killed twice delivers every row once, in order, with the same scores", async () => {
  const asked = await request(400);
  const unbroken: Row[] = [];
  await start().scoreDataset(asked, collecting(unbroken));
  expect(unbroken.map((row) => row.row)).toEqual(Array.from({ length: 400 }, (_, i) => i));

  const crashes: string[] = [];
  const client = start((reason) => crashes.push(reason));
  const broken: Row[] = [];
  const killAt = [50, 200];
  await client.scoreDataset(
    asked,
    collecting(broken, async () => {
      if (broken.length < (killAt[0] ?? Number.POSITIVE_INFINITY)) return;
      killAt.shift();
      process.kill(client.pid ?? 0, "SIGKILL");
      // The engine is killed before these rows are written: the client must wait for them, not request them again.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }),
  );
  expect(crashes).toEqual(["SIGKILL", "SIGKILL"]);
  expect(killAt).toEqual([]);
  expect(broken.map((row) => row.row)).toEqual(unbroken.map((row) => row.row));
  broken.forEach((row, i) => {
    const twin = unbroken[i];
    if ("problem" in row || !twin || "problem" in twin) throw new Error("a row could not be scored");
    row.scores.forEach((score, j) => {
      expect(score.reward).toBeCloseTo(twin.scores[j]?.reward ?? Number.NaN, 4);
    });
  });
});

test("the next request restarts an engine that was killed while idle", async () => {
  const client = start();
  const asked = { model: checkpoint, device: "cpu" } as const;
  const before = await client.inspect(asked);
  const first = client.pid;
  process.kill(first ?? 0, "SIGKILL");
  expect(await client.inspect(asked)).toEqual(before);
  expect(client.pid).not.toBe(first);
});

test("a request fails after two crashes without progress, and suggests a cause", async () => {
  const folder = await temporaryFolder();
  const dying = join(folder, "engine.js");
  await writeFile(dying, `process.on("message", () => process.kill(process.pid, "SIGKILL"));`);
  const crashes: string[] = [];
  const client = new EngineClient({ engineFile: dying, onCrash: (reason) => crashes.push(reason) });
  clients.push(client);
  const failing = client.inspect({ model: checkpoint, device: "cpu" });
  await expect(failing).rejects.toThrow(EngineCrash);
  await expect(failing).rejects.toThrow(
    /crashed twice during the same request \(SIGKILL\).*try the device cpu/,
  );
  expect(crashes).toEqual(["SIGKILL", "SIGKILL"]);
});

test("cancellation takes effect within one batch", async () => {
  const asked = await request(20_000);
  const client = start();
  const abort = new AbortController();
  const rows: Row[] = [];
  const running = client.scoreDataset(
    asked,
    collecting(rows, async () => abort.abort(new Error("enough"))),
    abort.signal,
  );
  await expect(running).rejects.toThrow("enough");
  const atCancel = rows.length;
  // The engine is immediately free again, and sends nothing more about the canceled request.
  await client.inspect({ model: checkpoint, device: "cpu" });
  expect(rows.length).toBe(atCancel);
  expect(atCancel).toBeLessThan(100);
});

test("the first scores on a new machine come from the CPU, and its devices are measured afterwards", async () => {
  const cache = await temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", cache);
  const client = start();
  const row: DatasetRow = {
    row: 0,
    place: "row 1",
    completions: [{ role: "completion", prompt: "a", completion: "b" }],
  };
  const score = () => client.score({ model: checkpoint, device: "auto", rows: [row], tokens: false });
  const { settings } = await score();
  expect(settings).toMatchObject({ device: "cpu", notes: [expect.stringMatching(/until .* are measured/)] });
  await expect
    .poll(() => readdir(join(cache, "reward-inspector")).catch(() => []), { timeout: 60_000 })
    .toEqual(["devices.json"]);
  expect((await score()).settings.notes).toEqual([]);
});

test("bad input is an InputError with its place", async () => {
  const client = start();
  const failing = client.inspect({ model: join(root, "no-such-model"), device: "cpu" });
  await expect(failing).rejects.toThrow(InputError);
  await expect(failing).rejects.toMatchObject({ problem: expect.stringMatching(/no such model folder/) });
});

test("an error while accepting rows fails the request with that error", async () => {
  const full = new InputError("scores.jsonl", "could not be written (no space)");
  const running = start().scoreDataset(await request(50), {
    ...collecting([]),
    rows: () => Promise.reject(full),
  });
  await expect(running).rejects.toBe(full);
});

test("two models stay loaded at once, and a changed folder is loaded again", async () => {
  const folder = await temporaryFolder();
  for (const name of ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]) {
    await copyFile(join(checkpoint, name), join(folder, name));
  }
  const client = start();
  const rows = [
    { row: 0, place: "a", completions: [{ role: "completion", prompt: "Hi ", completion: "there" }] },
  ] as const;
  const ask = async (model: string): Promise<number | null | undefined> => {
    const { rows: scored } = await client.score({ model, device: "cpu", rows, tokens: false });
    const [first] = scored;
    return first && "scores" in first ? first.scores[0]?.reward : undefined;
  };
  const reward = await ask(checkpoint);
  expect(reward).toEqual(expect.any(Number));
  expect(await ask(folder)).toBe(reward);
  await writeFile(join(folder, "config.json"), JSON.stringify({ model_type: "no-such-family" }));
  await expect(ask(folder)).rejects.toThrow(/"no-such-family" is not supported/);
  expect(await ask(checkpoint)).toBe(reward);
});
