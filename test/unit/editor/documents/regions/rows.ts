/** Cases of every row format, and the strings of each row that write its completions. */
import fc from "fast-check";
import { texts, words } from "./written-json";

export interface RowCase {
  readonly value: Readonly<Record<string, unknown>>;
  /** Paths of the strings of each completion. */
  readonly homes: readonly (readonly string[])[];
  /** Paths of the strings that hold the prompt, or begin with it. */
  readonly prompts: readonly string[];
}

const turn = (role: string, content: unknown): object => ({ role, content });
const shared = (from: string, value: unknown): object => ({ from, value });
/** Content as a list of text parts. */
const parts = (...list: string[]): object[] => list.map((text) => ({ type: "text", text }));

/** Some texts are equal: the chosen one must still be found in its own field. */
const two = fc.oneof(
  fc.tuple(texts, texts),
  texts.map((text) => [text, text] as const),
);

const exchanges = fc.record({ prompt: texts, answers: two });
/** Text of a turn, which is not empty and has no white space at its ends. */
const spoken = fc.record({ prompt: words, answers: two });

/** Cases by name of the row format. */
export const formatCases: Readonly<Record<string, fc.Arbitrary<RowCase>>> = {
  "PRM800K solutions": exchanges.chain(({ prompt, answers: [a, b] }) =>
    fc.constantFrom<RowCase>(
      row(
        {
          question: { problem: prompt },
          label: {
            finish_reason: "solution",
            steps: [
              {
                chosen_completion: 1,
                completions: [
                  { text: a, rating: 1 },
                  { text: a, rating: 1 },
                ],
              },
              {
                chosen_completion: null,
                human_completion: { text: b },
                completions: [{ text: b, rating: 1 }],
              },
              { chosen_completion: null, human_completion: null, completions: [{ text: b, rating: -1 }] },
            ],
          },
        },
        [
          [
            "label.steps.0.completions.1.text",
            "label.steps.1.human_completion.text",
            "label.steps.2.completions.0.text",
          ],
        ],
        ["question.problem"],
      ),
    ),
  ),
  "samples of one prompt, chosen and rejected": exchanges.chain(({ prompt, answers: [a, b] }) =>
    fc.constantFrom<RowCase>(
      row(
        { prompt, chosen: [a, b], rejected: [b, a, a] },
        [["chosen.0"], ["chosen.1"], ["rejected.0"], ["rejected.1"], ["rejected.2"]],
        ["prompt"],
      ),
    ),
  ),
  "preference pairs": fc.oneof(
    exchanges.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row({ prompt, chosen: a, rejected: b }, [["chosen"], ["rejected"]], ["prompt"]),
        row(
          { chosen_response: a, question: prompt, rejected_response: b },
          [["chosen_response"], ["rejected_response"]],
          ["question"],
        ),
        row(
          { instruction: `i${prompt}`, input: "x", chosen: a, rejected: b, label: a },
          [["chosen"], ["rejected"]],
          ["instruction", "input"],
        ),
        row({ chosen: prompt + a, rejected: prompt + b }, [["chosen"], ["rejected"]], ["chosen", "rejected"]),
        row(
          { chosen: dialogue(prompt, a), rejected: dialogue(prompt, b) },
          [["chosen"], ["rejected"]],
          ["chosen", "rejected"],
        ),
        row(
          { prompt: [turn("user", prompt)], chosen: a, rejected: b },
          [["chosen"], ["rejected"]],
          ["prompt.0.content"],
        ),
        row(
          { row_idx: 3, row: { prompt, chosen: a, rejected: b } },
          [["row.chosen"], ["row.rejected"]],
          ["row.prompt"],
        ),
      ),
    ),
    spoken.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row(
          {
            prompt: [turn("user", prompt)],
            chosen: [turn("assistant", a)],
            rejected: [turn("assistant", b)],
          },
          [["chosen.0.content"], ["rejected.0.content"]],
          ["prompt.0.content"],
        ),
        row(
          {
            chosen: [turn("user", prompt), turn("assistant", a)],
            rejected: [turn("user", prompt), turn("assistant", b)],
          },
          [["chosen.1.content"], ["rejected.1.content"]],
          ["chosen.0.content", "rejected.0.content"],
        ),
        row(
          {
            prompt,
            chosen: [turn("user", prompt), turn("assistant", a)],
            rejected: [turn("user", prompt), turn("assistant", b)],
          },
          [["chosen.1.content"], ["rejected.1.content"]],
          ["chosen.0.content", "rejected.0.content"],
        ),
        row(
          {
            chosen: [
              turn("user", prompt),
              turn("assistant", `1${a}`),
              turn("user", prompt),
              turn("assistant", parts(a, b)),
            ],
            rejected: [turn("user", prompt), turn("assistant", `2${b}`)],
          },
          [
            ["chosen.1.content", "chosen.2.content", "chosen.3.content.0.text", "chosen.3.content.1.text"],
            ["rejected.1.content"],
          ],
          ["chosen.0.content", "rejected.0.content"],
        ),
      ),
    ),
  ),
  "pairs with a verdict": fc.oneof(
    exchanges.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row(
          { prompt, response_a: a, response_b: b, preference: "A" },
          [["response_a"], ["response_b"]],
          ["prompt"],
        ),
        row(
          { prompt, response_a: a, response_b: b, winner: "model_b" },
          [["response_b"], ["response_a"]],
          ["prompt"],
        ),
        row(
          { prompt, response_a: a, response_b: b, winner: "tie" },
          [["response_a"], ["response_b"]],
          ["prompt"],
        ),
        row({ prompt, response_a: a, response_b: b }, [["response_a"], ["response_b"]], ["prompt"]),
        row(
          { prompt, response_0: a, response_1: b, better_response_id: 1 },
          [["response_1"], ["response_0"]],
          ["prompt"],
        ),
        row(
          { history: prompt, human_ref_A: a, human_ref_B: b, labels: 0 },
          [["human_ref_B"], ["human_ref_A"]],
          ["history"],
        ),
      ),
    ),
    spoken.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row(
          {
            winner: "model_b",
            conversation_a: [turn("user", prompt), turn("assistant", a)],
            conversation_b: [turn("user", prompt), turn("assistant", b)],
          },
          [["conversation_b.1.content"], ["conversation_a.1.content"]],
          ["conversation_a.0.content", "conversation_b.0.content"],
        ),
      ),
    ),
  ),
  "solutions in steps": exchanges.chain(({ prompt, answers: [a, b] }) =>
    fc.constantFrom<RowCase>(
      row({ problem: prompt, steps: [a, b, a], label: -1 }, [["steps.0", "steps.1", "steps.2"]], ["problem"]),
      row({ problem: prompt, steps: [a, b], first_error: 1 }, [["steps.0", "steps.1"]], ["problem"]),
      row({ steps: [a] }, [["steps.0"]], []),
      row(
        { prompt, completions: [a, b], labels: [true, false] },
        [["completions.0", "completions.1"]],
        ["prompt"],
      ),
    ),
  ),
  "samples of one prompt": fc.oneof(
    exchanges.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row(
          { prompt, completions: [a, b, a], correct: [true, false, true] },
          [["completions.0"], ["completions.1"], ["completions.2"]],
          ["prompt"],
        ),
        row(
          {
            prompt,
            responses: [
              { text: a, note: a },
              { score: 1, note: b, response: b },
            ],
          },
          [["responses.0.text"], ["responses.1.response"]],
          ["prompt"],
        ),
        row({ completions: [dialogue(prompt, a)] }, [["completions.0"]], ["completions.0"]),
        row({ prompt, outputs: [a], labels: ["yes"] }, [["outputs.0"]], ["prompt"]),
      ),
    ),
    spoken.chain(({ prompt, answers: [a, b] }) =>
      fc.constantFrom<RowCase>(
        row(
          { completions: [[turn("user", prompt), turn("assistant", a)], [turn("assistant", b)]] },
          [["completions.0.1.content"], ["completions.1.0.content"]],
          ["completions.0.0.content"],
        ),
      ),
    ),
  ),
  conversations: spoken.chain(({ answers: [a, b] }) =>
    fc.constantFrom<RowCase>(
      row(
        { messages: [turn("system", a), turn("user", b), turn("assistant", b)] },
        [["messages.2.content"]],
        ["messages.0.content", "messages.1.content"],
      ),
      row(
        {
          messages: [turn("user", a), turn("assistant", a), turn("user", parts(a, b)), turn("assistant", a)],
        },
        [["messages.3.content"]],
        [
          "messages.0.content",
          "messages.1.content",
          "messages.2.content.0.text",
          "messages.2.content.1.text",
        ],
      ),
      row(
        { conversations: [shared("human", a), { ...shared("gpt", b), content: null }] },
        [["conversations.1.value"]],
        ["conversations.0.value"],
      ),
    ),
  ),
  "single completions": exchanges.chain(({ prompt, answers: [a] }) =>
    fc.constantFrom<RowCase>(
      row({ prompt, completion: a, label: true }, [["completion"]], ["prompt"]),
      row({ answer: a, label: a }, [["answer"]], []),
      row({ text: dialogue(prompt, a) }, [["text"]], ["text"]),
      row({ question: prompt, solution: a, answer: a, correct: "no" }, [["solution"]], ["question"]),
      row({ instruction: `i${prompt}`, input: "x", output: a }, [["output"]], ["instruction", "input"]),
    ),
  ),
};

export const rowCases: fc.Arbitrary<RowCase> = fc.oneof(...Object.values(formatCases));

function row(value: RowCase["value"], homes: RowCase["homes"], prompts: readonly string[]): RowCase {
  return { value, homes, prompts };
}

function dialogue(question: string, answer: string): string {
  return `\n\nHuman: ${question}\n\nAssistant: ${answer}`;
}
