import { describe, expect, test } from "vitest";
import { assistant, one, pair, read, user } from "./read-rows";

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
