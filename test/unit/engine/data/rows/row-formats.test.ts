import { describe, expect, test } from "vitest";
import type { Completion } from "../../../../../extension/engine/data/rows/row";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import type { FieldNames } from "../../../../../extension/protocol/datasets";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

function read(record: unknown, names: FieldNames = {}): string | readonly Completion[] {
  try {
    return readRecord(record, names, false).completions;
  } catch (error) {
    return String(error).replace("Error: ", "");
  }
}

function rowFormat(record: unknown, names: FieldNames = {}): string {
  const { kind, used } = readRecord(record, names, false);
  return `${kind} (${used.join(", ")})`;
}

function pair(prompt: unknown, chosen: unknown, rejected: unknown): unknown {
  return [
    { role: "chosen", prompt, completion: chosen },
    { role: "rejected", prompt, completion: rejected },
  ];
}

function one(prompt: unknown, completion: unknown, label?: boolean): unknown {
  return [{ role: "completion", prompt, completion, ...(label === undefined ? {} : { label }) }];
}

describe("preference pairs", () => {
  test("of text with a prompt are read unchanged", () => {
    const row = { prompt: " p\n", chosen: " a ", rejected: "" };
    expect(read(row)).toEqual(pair(" p\n", " a ", ""));
    expect(rowFormat(row)).toBe("preference pairs (prompt, chosen, rejected)");
  });

  test("of text that includes the prompt are split before the first different word", () => {
    const row = { chosen: "The sky is blue.", rejected: "The sky is black." };
    expect(read(row)).toEqual(pair("The sky is", " blue.", " black."));
    expect(rowFormat(row)).toBe("preference pairs with the prompt inside (chosen, rejected)");
    expect(read({ ...row, prompt: null })).toEqual(read(row));
  });

  test.each([
    ["Q: x\nA: yes", "Q: x\nA: no", "Q: x\nA:"],
    ["Q\nyes", "Q\nno", "Q\n"],
    ["the answer", "the answer is", "the"],
    ["same text", "same text", "same"],
    ["", "abc", ""],
    ["abc", "abd", ""],
    ["你好吗", "你好嘛", "你好"],
    ["a 😀x", "a 😁x", "a"],
    ["a😀", "a😁", "a"],
    ["Łódź", "Łódka", ""],
    ["x 12.5", "x 12.7", "x 12."],
  ])("%j and %j share %j", (chosen, rejected, prompt) => {
    const expected = pair(prompt, chosen.slice(prompt.length), rejected.slice(prompt.length));
    expect(read({ chosen, rejected })).toEqual(expected);
  });

  test("of raw hh-rlhf dialogues are split at the last assistant turn", () => {
    const opening = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant:";
    const row = { chosen: `${opening} Bye!`, rejected: `${opening} By the way` };
    expect(read(row)).toEqual(pair(opening, " Bye!", " By the way"));
    expect(rowFormat(row)).toBe("hh-rlhf dialogues (chosen, rejected)");
  });

  test("of raw dialogues that differ early use only the shared turns as prompt", () => {
    const opening = "\n\nHuman: Hi\n\nAssistant:";
    const chosen = `${opening} Hello\n\nHuman: A\n\nAssistant: 1`;
    const rejected = `${opening} Hey\n\nHuman: B\n\nAssistant: 2`;
    expect(read({ chosen, rejected })).toEqual(
      pair(opening, chosen.slice(opening.length), rejected.slice(opening.length)),
    );
  });

  test("of conversations may have a prompt", () => {
    const row = { prompt: [user("a")], chosen: [assistant("b")], rejected: [assistant("c")] };
    expect(read(row)).toEqual(pair([user("a")], [assistant("b")], [assistant("c")]));
    expect(rowFormat(row)).toBe("preference pairs of conversations (prompt, chosen, rejected)");
  });

  test("of whole conversations use the shared turns as prompt", () => {
    const start = [user("a"), assistant("b"), user("c")];
    const row = { chosen: [...start, assistant("d")], rejected: [...start, assistant("e")] };
    expect(read(row)).toEqual(pair(start, [assistant("d")], [assistant("e")]));
    expect(read({ chosen: row.chosen, rejected: row.chosen })).toEqual(
      pair(start, [assistant("d")], [assistant("d")]),
    );
  });

  test("of whole conversations may repeat the prompt field", () => {
    const row = {
      prompt: "a",
      chosen: [user("a"), assistant("b")],
      rejected: [user("a"), assistant("c")],
    };
    expect(read(row)).toEqual(pair([user("a")], [assistant("b")], [assistant("c")]));
    expect(read({ ...row, prompt: [{ role: "system", content: "s" }] })).toEqual(
      pair([{ role: "system", content: "s" }, user("a")], [assistant("b")], [assistant("c")]),
    );
  });

  test("of conversations without shared turns have separate prompts", () => {
    const row = { chosen: [user("a"), assistant("b")], rejected: [user("x"), assistant("c")] };
    expect(read(row)).toEqual([
      { role: "chosen", prompt: [user("a")], completion: [assistant("b")] },
      { role: "rejected", prompt: [user("x")], completion: [assistant("c")] },
    ]);
  });

  test("with lists of chosen and rejected answers are samples", () => {
    const row = { prompt: "p", chosen: ["a", "b"], rejected: ["c"] };
    expect(read(row)).toEqual([
      { role: "completion", prompt: "p", completion: "a", label: true },
      { role: "completion", prompt: "p", completion: "b", label: true },
      { role: "completion", prompt: "p", completion: "c", label: false },
    ]);
  });

  test("with a verdict are ordered by it", () => {
    const row = { prompt: "p", response_a: "x", response_b: "y" };
    expect(read({ ...row, preference: "B" })).toEqual(pair("p", "y", "x"));
    expect(read({ ...row, winner: "model_a" })).toEqual(pair("p", "x", "y"));
    expect(read({ ...row, winner: "tie" })).toEqual([
      { role: "completion", prompt: "p", completion: "x" },
      { role: "completion", prompt: "p", completion: "y" },
    ]);
    const pku = { prompt: "p", response_0: "x", response_1: "y", better_response_id: 1 };
    expect(read(pku)).toEqual(pair("p", "y", "x"));
    expect(rowFormat(pku)).toBe("pairs with a verdict (prompt, response_0, response_1, better_response_id)");
    expect(read({ history: "p", human_ref_A: "x", human_ref_B: "y", labels: 1n })).toEqual(
      pair("p", "x", "y"),
    );
  });

  test.each([[{ toString: 1 }], [{ name: "model_a" }], [["model_a"]]])(
    "with %j as a verdict are bad rows",
    (winner) => {
      const problem = read({ prompt: "p", response_a: "x", response_b: "y", winner });
      expect(problem).toMatch(/^`winner` is (an object|a list), not a verdict/);
    },
  );

  test("of dialogues without the first blank line are split at the last assistant turn", () => {
    const opening = "Human: Hi\n\nAssistant:";
    expect(read({ chosen: `${opening} Sure`, rejected: `${opening} So` })).toEqual(
      pair(opening, " Sure", " So"),
    );
  });
});

describe("single completions", () => {
  test.each([
    [{ prompt: "p", completion: "c", label: true }, true],
    [{ prompt: "p", completion: "c", label: 0 }, false],
    [{ prompt: "p", completion: "c", label: "Correct" }, true],
    [{ prompt: "p", completion: "c", label: "incorrect" }, false],
    [{ question: "p", solution: "c", answer: "4", correct: false }, false],
    [{ question: "p", answer: "c" }, undefined],
    [{ query: "p", response: "c", label: "maths", is_correct: true }, true],
    [{ prompt: "p", completion: "c", label: null }, undefined],
    [{ prompt: "p", completion: "c", label: "maths" }, undefined],
  ])("%j", (row, label) => {
    expect(read(row)).toEqual(one("p", "c", label));
  });

  test("join Alpaca's instruction and input", () => {
    expect(read({ instruction: "i", input: "x", output: "o" })).toEqual(one("i\n\nx", "o"));
    expect(read({ instruction: "i", input: "", output: "o" })).toEqual(one("i", "o"));
    expect(rowFormat({ instruction: "i", input: "x", output: "o" })).toBe(
      "single completions (instruction, input, output)",
    );
  });

  test("may lack a prompt", () => {
    expect(read({ text: "t" })).toEqual(one("", "t"));
    expect(read({ text: "\n\nHuman: a\n\nAssistant: b" })).toEqual(one("\n\nHuman: a\n\nAssistant:", " b"));
    expect(read({ text: "Human: a\n\nAssistant: b" })).toEqual(one("Human: a\n\nAssistant:", " b"));
  });

  test("may be conversations", () => {
    expect(read({ prompt: [user("a")], completion: [assistant("b")] })).toEqual(
      one([user("a")], [assistant("b")]),
    );
    expect(read({ prompt: "a", completion: [assistant("b")] })).toEqual(one("a", [assistant("b")]));
    expect(read({ response: [user("a"), assistant("b")] })).toEqual(one([user("a")], [assistant("b")]));
  });

  test("are read from the dataset viewer's envelope", () => {
    expect(read({ row_idx: 0, row: { prompt: "p", completion: "c" }, truncated_cells: [] })).toEqual(
      one("p", "c"),
    );
  });
});

describe("conversations", () => {
  test("use the last turn as completion", () => {
    const row = { messages: [user("a"), assistant("b"), user("c"), assistant("d")], label: 1 };
    expect(read(row)).toEqual(one(row.messages.slice(0, 3), [assistant("d")], true));
    expect(rowFormat(row)).toBe("conversations (messages, label)");
  });

  test("may be in ShareGPT's format, in parts, or JSON in a string", () => {
    const expected = one([user("a")], [assistant("b")]);
    const turns = [
      { from: "human", value: "a" },
      { from: "gpt", value: "b" },
    ];
    expect(read({ conversations: turns })).toEqual(expected);
    expect(read({ messages: JSON.stringify([user("a"), assistant("b")]) })).toEqual(expected);
    const parts = [
      { type: "text", text: "a" },
      { type: "text", text: "!" },
    ];
    expect(read({ messages: [{ role: "user", content: parts }, assistant("b")] })).toEqual(
      one([user("a!")], [assistant("b")]),
    );
  });
});

describe("samples of one prompt", () => {
  test("may have labels", () => {
    const row = { question: "q", samples: ["a", "b"], correct: [true, false] };
    expect(read(row)).toEqual([
      { role: "completion", prompt: "q", completion: "a", label: true },
      { role: "completion", prompt: "q", completion: "b", label: false },
    ]);
    expect(rowFormat(row)).toBe("samples of one prompt (question, samples, correct)");
  });

  test("may be objects or conversations", () => {
    const answers = [{ answer: "a", model: "m", correct: 1 }, { answer: "b" }];
    expect(read({ prompt: "q", answers })).toEqual([
      { role: "completion", prompt: "q", completion: "a", label: true },
      { role: "completion", prompt: "q", completion: "b" },
    ]);
    expect(read({ prompt: [user("q")], responses: [[assistant("a")]] })).toEqual(
      one([user("q")], [assistant("a")]),
    );
  });

  test("are distinguished from TRL's steps by named fields", () => {
    const row = { prompt: "p", completions: ["a", "b"], labels: [true, false] };
    expect(rowFormat(row)).toBe("solutions in steps (prompt, completions, labels)");
    expect(rowFormat(row, { completions: "completions" })).toBe(
      "samples of one prompt (prompt, completions, labels)",
    );
    expect(rowFormat({ prompt: "p", completions: ["a", "b"] })).toBe(
      "samples of one prompt (prompt, completions)",
    );
  });
});

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

describe("named fields", () => {
  test("take precedence over usual names, and may be nested", () => {
    const row = { prompt: "p", chosen: "a", rejected: "b", meta: { best: "c", q: "q" } };
    expect(read(row, { completion: "meta.best" })).toEqual(one("p", "c"));
    expect(read(row, { prompt: "meta.q" })).toEqual(pair("q", "a", "b"));
    expect(read(row, { chosen: "rejected", rejected: "chosen" })).toEqual(pair("p", "b", "a"));
  });

  test("must contain the named kind of value", () => {
    expect(read({ prompt: "p", completion: "c", grade: "good" }, { label: "grade" })).toBe(
      '`grade` is the text "good", not true/false, 1/0 or correct/incorrect',
    );
    expect(read({ prompt: "p", n: "c" }, { completions: "n" })).toBe('`n` is the text "c", not a list');
  });
});

describe("problems", () => {
  test.each([
    [5, "is 5 (a number), not an object with fields"],
    [[], "is a list, not an object with fields"],
    [null, "is missing, not an object with fields"],
    [{}, "has no fields"],
    [{ a: 1, b: 2 }, "has no answer under a known name: its fields are `a` and `b`"],
    [{ prompt: "p", chosen: "c" }, "has `chosen` but no rejected answer"],
    [{ rejected: "c" }, "has `rejected` but no chosen answer"],
    [{ prompt: 5, chosen: "a", rejected: "b" }, "`prompt` is 5 (a number), not text or a list of messages"],
    [
      { prompt: "p", chosen: "a", rejected: { x: 1 } },
      "`rejected` is an object, not text or a list of messages",
    ],
    [
      { chosen: "a", rejected: [assistant("b")] },
      "`chosen` is text and `rejected` is a conversation: both must be of the same kind",
    ],
    [
      { chosen: [user("a"), assistant("b")], rejected: [user("a")] },
      "`rejected` ends with a user turn; the last turn must be the assistant's",
    ],
    [{ messages: [user("a")] }, "`messages` ends with a user turn; the last turn must be the assistant's"],
    [{ messages: [] }, "`messages` is an empty list"],
    [{ messages: ["a"] }, '`messages[0]` is the text "a", not a message'],
    [{ messages: [{ content: "a" }] }, "`messages[0]` has no role: its fields are `content`"],
    [{ messages: [{ role: "user", content: 4 }] }, "the content of `messages[0]` is 4 (a number), not text"],
    [{ messages: [{ role: "user" }] }, "the content of `messages[0]` is missing, not text"],
    [
      { messages: [{ role: "user", content: [{ type: "image" }] }] },
      "the content of `messages[0]` has a part that is not text",
    ],
    [
      { messages: [{ role: "assistant", content: null, tool_calls: [{}] }] },
      "`messages[0]` calls a tool: conversations with tool calls are not supported",
    ],
    [{ prompt: "p", completions: [] }, "`completions` is an empty list"],
    [{ prompt: "p", samples: ["a", 3] }, "`samples[1]` is 3 (a number), not text or a list of messages"],
    [{ prompt: "p", samples: [{ model: "m" }] }, "`samples[0]` is an object without text"],
    [{ prompt: "p", samples: ["a"], labels: [true, false] }, "`labels` has 2 labels for 1 samples"],
    [
      { problem: "p", steps: ["a"], label: 4 },
      "`label` is 4 (a number), not the index of one of the 1 steps, or -1 for none",
    ],
    [{ problem: "p", steps: [] }, "`steps` is an empty list"],
    [{ problem: "p", steps: ["a", 2] }, "`steps[1]` is 2 (a number), not text"],
    [{ prompt: "p\nq", text: 1 }, "`text` is 1 (a number), not text or a list of messages"],
  ])("%j", (row, problem) => {
    expect(read(row)).toBe(problem);
  });
});
