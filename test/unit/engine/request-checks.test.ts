import { expect, test } from "vitest";
import { InputError } from "../../../extension/engine/errors";
import { LocalEngine } from "../../../extension/engine/local";
import { checkEvaluation, checkModel } from "../../../extension/engine/request-checks";
import { DeviceChooser } from "../../../extension/engine/runtime/device-choice";
import type { ModelRequest } from "../../../extension/protocol/models";
import { checkpoint } from "../../support/fixture";

const wrong = [-5, 0, 40.5, Number.NaN, Number.POSITIVE_INFINITY, "lots"] as readonly number[];

test.each(wrong)("lengths and batches of %j tokens are refused", async (tokens) => {
  const refused = { code: "length-invalid" };
  for (const length of [{ maxLength: tokens }, { batchTokens: tokens }])
    expect(() => checkModel({ device: "cpu", ...length })).toThrow(
      expect.objectContaining({ detail: expect.objectContaining(refused) }),
    );
  const engine = new LocalEngine(new DeviceChooser("no probe"));
  const request = { model: checkpoint, device: "cpu", maxLength: tokens } as const;
  const row = {
    row: 0,
    place: "row",
    completions: [{ role: "completion", prompt: "a", completion: "b" }],
  } as const;
  await expect(engine.score({ ...request, rows: [row], tokens: true })).rejects.toThrow(InputError);
  const events = { started: () => undefined, progress: () => undefined, rows: async () => undefined };
  const dataset = { ...request, run: "r", dataset: "none.jsonl" };
  await expect(engine.scoreDataset({ ...dataset, tokens: true, strict: false }, events)).rejects.toThrow(
    /longest sequence/,
  );
  await expect(engine.evaluate({ ...dataset, threshold: 0, skip: 0, seed: 1 }, events)).rejects.toThrow(
    /longest sequence/,
  );
});

test("an unknown device is an error that names the known ones", () => {
  const device = "foo" as ModelRequest["device"];
  expect(() => checkModel({ device })).toThrow('device: there is no device "foo"');
  expect(() => checkModel({ device: "auto", maxLength: 1, batchTokens: 1 })).not.toThrow();
});

test("a threshold outside [-1, 1] and an invalid number of tokens to skip are refused", () => {
  for (const threshold of [2, -7, Number.NaN])
    expect(() => checkEvaluation({ threshold, skip: 0 })).toThrow(/^threshold: /);
  for (const skip of [-1, 0.5]) expect(() => checkEvaluation({ threshold: 0, skip })).toThrow(/^skip: /);
  expect(() => checkEvaluation({ threshold: -1, skip: 5 })).not.toThrow();
});
