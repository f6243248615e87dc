import { describe, expect, test } from "vitest";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import { read, rowFormat } from "./read-rows";

describe("solutions in steps", () => {
  test("of TRL have a label per step", () => {
    expect(read({ prompt: "p", completions: ["ab", "c"], labels: [true, false] })).toEqual([
      {
        role: "completion",
        prompt: "p",
        completion: "ab\nc",
        label: false,
        steps: [
          { start: 0, end: 2, correct: true },
          { start: 3, end: 4, correct: false },
        ],
      },
    ]);
  });

  test("of ProcessBench give the first incorrect step", () => {
    const row = { id: "1", problem: "p", steps: ["a", "😀", "c"], final_answer_correct: true, label: 1 };
    expect(read(row)).toEqual([
      {
        role: "completion",
        prompt: "p",
        completion: "a\n\n😀\n\nc",
        label: true,
        steps: [
          { start: 0, end: 1, correct: true },
          { start: 3, end: 5, correct: false },
          { start: 7, end: 8 },
        ],
      },
    ]);
    expect(rowFormat(row)).toBe("solutions in steps (problem, steps, label)");
    const right = readRecord({ ...row, final_answer_correct: null, label: -1n }, {}, false).completions[0];
    expect(right?.label).toBe(true);
    expect(right?.steps?.every(({ correct }) => correct)).toBe(true);
  });

  test("may have first_error", () => {
    const found = read({ question: "q", steps: ["a", "b"], first_error: 0 });
    expect(found).toMatchObject([{ completion: "a\nb", label: false, steps: [{ correct: false }, {}] }]);
    expect(read({ question: "q", steps: ["a"], first_error: null })).toMatchObject([
      { label: true, steps: [{ correct: true }] },
    ]);
  });

  test("of PRM800K are the chosen steps", () => {
    const step = (text: string, rating: number | null) => ({ text, rating, flagged: null });
    const row = {
      question: { problem: "2+2?", ground_truth_answer: "4" },
      label: {
        steps: [
          { completions: [step("bad", -1), step("Add.", 1)], human_completion: null, chosen_completion: 1 },
          {
            completions: [step("no", -1)],
            human_completion: step("Own words.", null),
            chosen_completion: null,
          },
          { completions: [step("So 5.", -1)], human_completion: null, chosen_completion: null },
        ],
        finish_reason: "found_error",
      },
    };
    expect(read(row)).toEqual([
      {
        role: "completion",
        prompt: "2+2?",
        completion: "Add.\nOwn words.\nSo 5.",
        label: false,
        steps: [
          { start: 0, end: 4, correct: true },
          { start: 5, end: 15 },
          { start: 16, end: 21, correct: false },
        ],
      },
    ]);
    expect(rowFormat(row)).toBe("PRM800K solutions (question.problem, label.steps)");
  });
});
