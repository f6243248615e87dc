import { cp } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { LocalEngine } from "../../../../extension/engine/local";
import { DeviceChooser } from "../../../../extension/engine/runtime/device-choice";
import type { ScoreRequest } from "../../../../extension/protocol/scoring";
import { checkpoint } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";

let engine: LocalEngine | undefined;

afterEach(() => engine?.dispose());

const request = (model: string): ScoreRequest => ({
  model,
  device: "cpu",
  tokens: false,
  rows: [{ row: 0, place: "a", completions: [{ role: "completion", prompt: "1 + 1 = ", completion: "2" }] }],
});

test("a model that does not fit in memory is refused before it is loaded", async () => {
  engine = new LocalEngine(new DeviceChooser(""), async () => 100e6);
  await expect(engine.score(request(checkpoint))).rejects.toThrow(
    /needs about 0\.\d GiB of memory .* but only 0\.1 GiB is available/,
  );
});

test("idle models are released for one that needs their memory", async () => {
  const other = await temporaryFolder();
  await cp(checkpoint, other, { recursive: true });
  const answers = [1e9, 100e6, 1e9];
  engine = new LocalEngine(new DeviceChooser(""), async () => answers.shift() ?? 0);
  await engine.score(request(checkpoint));
  await engine.score(request(other));
  expect(answers).toEqual([]);
  // The first model was released, so it would have to be loaded again.
  await expect(engine.score(request(checkpoint))).rejects.toThrow("of memory");
});

test("models are loaded one after another, so that each load sees the remaining memory", async () => {
  const other = await temporaryFolder();
  await cp(checkpoint, other, { recursive: true });
  let asked = 0;
  let isAsking = false;
  engine = new LocalEngine(new DeviceChooser(""), async () => {
    expect(isAsking).toBe(false);
    isAsking = true;
    // A concurrent load of the other model would check the memory now.
    await setTimeout(100);
    isAsking = false;
    return ++asked === 1 ? 1e9 : 0;
  });
  const both = await Promise.allSettled([checkpoint, other].map((model) => engine?.score(request(model))));
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});
