import { expect, test } from "vitest";
import { type CardDetails, modelCard } from "../../../../../extension/engine/training/outcome/model-card";
import type { Method, TrainSettings } from "../../../../../extension/protocol/train-settings";
import { evaluationRow, record, stepRow } from "../run-examples";

const details: CardDetails = {
  step: 60,
  hasPlainHead: true,
  usesTemplate: false,
  appendsEos: true,
  rewardToken: "last token that is not the padding token (<pad>, pad_token_id 0; transformers' rule)",
  padding: "own",
};
const metrics = [
  stepRow(1, { rankingLoss: 0.7, contrastiveLoss: 1.3 }),
  evaluationRow(1, { loss: 1.2, accuracy: 0.5 }),
  stepRow(40, { rankingLoss: 0.42, contrastiveLoss: 0.9 }),
  evaluationRow(40, { loss: 0.81, accuracy: 0.6875, margin: 1.23456 }),
  evaluationRow(60, { loss: 0.99, accuracy: 0.625, isBest: false }),
];

function trained(settings: Partial<TrainSettings>) {
  return { ...record, settings: { ...record.settings, ...settings } };
}

test.each<[Method, string]>([
  ["head", "transformers"],
  ["full", "transformers"],
  ["lora", "peft"],
])("the front matter of a model trained by %s names %s", (method, library) => {
  const card = modelCard(trained({ method }), metrics, details);
  expect(card).toMatch(
    new RegExp(
      `^---\\nlibrary_name: ${library}\\nbase_model: "owner/small-model"\\npipeline_tag: text-classification\\n` +
        "tags:\\n- reward-model\\n(- lora\\n)?- reward-inspector\\n---\\n\\n# first try\\n",
    ),
  );
});

test("results are the first evaluation, the last one up to the model's step, and that step", () => {
  const card = modelCard(record, metrics, { ...details, step: 40 });
  expect(card).toContain(
    [
      "|  | step | loss | L_R | L_C | accuracy | margin |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| 50 held-out pairs | 1 | 1.2 |  |  | 0.5 |  |",
      "| 50 held-out pairs | 40 | 0.81 |  |  | 0.6875 | 1.235 |",
      "| last step of training | 40 | 0.025 | 0.42 | 0.9 |  |  |",
    ].join("\n"),
  );
  expect(card).toContain("in 40 of 60 planned steps");
  expect(card).toContain("L_C cannot fall below 0.6265");
});

test("what was not measured is not mentioned", () => {
  const card = modelCard({ ...record, evaluationPairs: 0 }, [stepRow(60)], details);
  expect(card).toContain("No pairs were held out");
  expect(card).not.toMatch(/cannot fall below|Accuracy|L_R|Held-out pairs are/);
  expect(modelCard(record, [], details)).toContain("## Results\n\nNothing was measured.");
});

test("local paths are not published", () => {
  for (const model of ["/home/someone/models/base", "C:\\Users\\someone\\base"]) {
    const card = modelCard({ ...record, model }, metrics, details);
    expect(card).not.toContain("someone");
    expect(card).not.toContain("base_model:");
    expect(card).toContain("It started from `base`");
    expect(card).toContain("| file | `pairs.jsonl`, 1,234 bytes |");
    expect(card).toContain('from_pretrained("path/to/base", num_labels=1)');
  }
});

test("usage depends on how the model was trained", () => {
  const plain = modelCard(trained({ method: "full" }), metrics, details);
  expect(plain).toContain("text = prompt + completion\ntext += tokenizer.eos_token\n");
  expect(plain).toContain('model = AutoModelForSequenceClassification.from_pretrained(".").eval()');
  const chat = modelCard({ ...record, chat: true }, metrics, {
    ...details,
    usesTemplate: true,
    appendsEos: false,
  });
  expect(chat).toContain("npx reward-inspector score pairs.jsonl --model . --chat\n");
  expect(chat).toContain("apply_chat_template");
  expect(chat).toContain("add_special_tokens=False");
  expect(chat).not.toContain("eos_token");
  expect(chat).toContain('model = PeftModel.from_pretrained(base, ".").eval()');
  const mlp = modelCard(record, metrics, { ...details, hasPlainHead: false });
  expect(mlp).not.toContain("```python");
  expect(mlp).toContain("transformers does not support reward heads with several layers");
});

test("a language model is not called a reward model", () => {
  const card = modelCard(trained({ objective: "language-model" }), metrics, details);
  expect(card).toContain("pipeline_tag: text-generation");
  expect(card).toContain("AutoModelForCausalLM");
  expect(card).not.toMatch(/- reward-model|reward head|Rewards are|reward-inspector score/);
});

test("every setting is in the table, those of LoRA only for an adapter", () => {
  const card = modelCard(trained({ method: "full", maxSteps: 7 }), metrics, details);
  expect(card).toContain("| `maxSteps` | `7` |");
  expect(card).toContain("| `loss.lambda` | `0.5` |");
  expect(card).toContain("| `loss.goalWindow` | `[0,1]` |");
  expect(card).not.toContain("lora");
  expect(modelCard(record, metrics, details)).toContain("| `lora.rank` | `16` |");
});

test("special characters in names break neither the front matter nor a table", () => {
  const odd = { name: "a\n---\nb | c", leftOut: { "a | b\nc": 2 }, model: "owner/a-b.c_d" };
  const card = modelCard({ ...record, ...odd, status: "stopped", reason: "too\nlong" }, metrics, details);
  expect(card).toContain("\n# a --- b | c\n");
  expect(card).toContain("| rows left out: a \\| b c | 2 |");
  expect(card).toContain("The run stopped early: too long.");
  expect(card).toContain('base_model: "owner/a-b.c_d"');
});
