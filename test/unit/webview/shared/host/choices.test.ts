import { expect, test } from "vitest";
import { Choices } from "../../../../../webview/shared/host/choices";

const host = { metric: "q", threshold: 0 };

test("a choice is shown until the host has taken it in", () => {
  const choices = new Choices<typeof host>();
  const first = choices.choose({ threshold: 0.1 });
  const second = choices.choose({ threshold: 0.2 });
  expect(second).toBeGreaterThan(first);
  // The host answers the first: the newer one stays.
  choices.taken(first);
  expect(choices.over({ ...host, threshold: 0.1 })).toEqual({ metric: "q", threshold: 0.2 });
  choices.taken(second);
  expect(choices.over({ ...host, threshold: 0.15 })).toEqual({ metric: "q", threshold: 0.15 });
});

test("choices of different fields do not touch each other, nor what they are laid over", () => {
  const choices = new Choices<typeof host>();
  const first = choices.choose({ threshold: 0.1 });
  choices.choose({ metric: "q-change" });
  expect(choices.over(host)).toEqual({ metric: "q-change", threshold: 0.1 });
  choices.taken(first);
  expect(choices.over(host)).toEqual({ metric: "q-change", threshold: 0 });
  expect(host).toEqual({ metric: "q", threshold: 0 });
});

test("an answer that says nothing new takes nothing back", () => {
  const choices = new Choices<typeof host>();
  choices.choose({ threshold: 0.1 });
  choices.taken(0);
  expect(choices.over(host).threshold).toBe(0.1);
});
