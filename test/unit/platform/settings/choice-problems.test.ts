import { expect, test } from "vitest";
import { choiceProblems } from "../../../../extension/platform/settings/choice-problems";

const settings = { device: "cpu", goals: ["preferred"], notes: [] } as const;

test("choices in effect are not reported, and no choice is before the first request", () => {
  expect(choiceProblems([], { device: "auto", goalState: "" }, settings)).toEqual([]);
  expect(choiceProblems([], { device: "cpu", goalState: "preferred" }, settings)).toEqual([]);
  expect(choiceProblems([], { device: "cuda", goalState: "nosuch" }, undefined)).toEqual([]);
});

test("a device that is not used is reported with the engine's reason", () => {
  const notes = ["cuda cannot be used: no driver. Using the CPU."];
  expect(choiceProblems([], { device: "cuda", goalState: "" }, { ...settings, notes })).toEqual([
    "The device cuda is not used: cuda cannot be used: no driver. Using the CPU.",
  ]);
  expect(choiceProblems([], { device: "cuda", goalState: "" }, settings)).toEqual([
    "The device cuda is not used: models run on cpu.",
  ]);
});

test("a goal state that is not used is reported with those that are", () => {
  expect(choiceProblems([], { device: "auto", goalState: "nosuch" }, settings)).toEqual([
    "The goal state nosuch is not used: files are scored with preferred.",
  ]);
  expect(choiceProblems([], { device: "auto", goalState: "nosuch" }, { ...settings, goals: [] })).toEqual([
    "The goal state nosuch is not used: files are scored without one.",
  ]);
});

test("invalid settings are reported", () => {
  const invalid = [{ name: "maxLength", problem: "maxLength is -5" }] as const;
  expect(choiceProblems(invalid, { device: "auto", goalState: "" }, undefined)).toEqual(["maxLength is -5."]);
});
