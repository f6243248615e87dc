import { describe, expect, test } from "vitest";
import { assistant, pair, read, rowFormat, user } from "./read-rows";

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
