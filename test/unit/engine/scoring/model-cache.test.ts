import { expect, test } from "vitest";
import { ModelCache } from "../../../../extension/engine/scoring/model-cache";
import type { RewardModel } from "../../../../extension/engine/scoring/reward-model";

/** Creates a model that can only be released, which is all that the cache needs. */
function model(name: string, released: string[]): RewardModel {
  const stand: Pick<RewardModel, "release"> = { release: async () => void released.push(name) };
  return stand as RewardModel;
}

test("a model is loaded once while it is kept, and the least recently used one is evicted first", async () => {
  const released: string[] = [];
  const loaded: string[] = [];
  const cache = new ModelCache(2);
  const use = (name: string): Promise<void> =>
    cache.use(
      name,
      async () => {
        loaded.push(name);
        return model(name, released);
      },
      async () => undefined,
    );
  await use("a");
  await use("b");
  await use("a");
  await use("c");
  expect(loaded).toEqual(["a", "b", "c"]);
  expect(released).toEqual(["b"]);
  await cache.dispose();
  expect(released.sort()).toEqual(["a", "b", "c"]);
});

test("a model in use is never released", async () => {
  const released: string[] = [];
  const cache = new ModelCache(1);
  let finish = (): void => undefined;
  const busy = cache.use(
    "a",
    async () => model("a", released),
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  await cache.use(
    "b",
    async () => model("b", released),
    async () => undefined,
  );
  expect(released).toEqual(["b"]);
  finish();
  await busy;
  expect(released).toEqual(["b"]);
});

test("a failed load is tried again", async () => {
  const released: string[] = [];
  const cache = new ModelCache(1);
  const failing = cache.use(
    "a",
    () => Promise.reject(new Error("no memory")),
    async () => undefined,
  );
  await expect(failing).rejects.toThrow("no memory");
  await expect(
    cache.use(
      "a",
      async () => model("a", released),
      async () => "ok",
    ),
  ).resolves.toBe("ok");
});
