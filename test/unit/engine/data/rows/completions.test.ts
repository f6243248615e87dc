import { describe, expect, test } from "vitest";
import { assistant, one, read, rowFormat, user } from "./read-rows";

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
