/** Writes the usage section of a model card: commands and Python code that reproduce the rewards of training. */
import type { RunRecord } from "../../../protocol/runs";

export interface Usage {
  /** Whether the reward head is one layer without a bias, the only kind that transformers and PEFT support. */
  readonly hasPlainHead: boolean;
  /** Whether prompts and completions went through the chat template. */
  readonly usesTemplate: boolean;
  /** Whether an end-of-sequence token was added after the text. */
  readonly appendsEos: boolean;
  /** Description of the token that the reward is read at. */
  readonly rewardToken: string;
  /** Padding token of config.json: none, the end-of-sequence token, or another token. */
  readonly padding: "none" | "eos" | "own";
}

/** Returns the `owner/name` of a model on the Hugging Face Hub, or undefined if it is a local folder. */
export function hubName(model: string): string | undefined {
  return /^\w[\w.-]*\/[\w.-]+$/.test(model) ? model : undefined;
}

/** Last part of a path of any operating system. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

/** Returns the section's Markdown, without its heading. */
export function usage(record: RunRecord, how: Usage): string {
  if (record.settings.objective === "language-model") return python(languageModel(record));
  const score = `npx reward-inspector score pairs.jsonl --model .${record.chat ? " --chat" : ""}`;
  const inPython = how.hasPlainHead
    ? python(rewardModel(record, how))
    : "transformers does not support reward heads with several layers or a bias, so it cannot compute this model's rewards.";
  return [
    "To score a file of pairs, run this in the model's folder:",
    fenced("sh", score),
    inPython,
    `The reward is read at the ${how.rewardToken}.${how.hasPlainHead ? ` ${paddingAdvice[how.padding]}` : ""}`,
  ].join("\n\n");
}

/** Where other tools read the reward, which depends on the padding token. */
const paddingAdvice: Readonly<Record<Usage["padding"], string>> = {
  none:
    "config.json has no padding token, so score one text at a time, or set `pad_token_id` to a token that no " +
    "text ends with: with the end-of-sequence token, other tools read the reward at another token.",
  eos:
    "transformers and TRL do so too. vLLM reads the last token that it is given: give it texts without the " +
    "end-of-sequence token.",
  own: "transformers and TRL do so too, also in padded batches, and vLLM reads the last token of a text, which is the same.",
};

function python(lines: readonly string[]): string {
  return `In Python:\n\n${fenced("python", lines.join("\n"))}`;
}

function rewardModel(record: RunRecord, { usesTemplate, appendsEos }: Usage): string[] {
  return [
    "import torch",
    ...loading(record, "AutoModelForSequenceClassification", ", num_labels=1"),
    "",
    'prompt, completion = "What is 2 + 3?", "2 + 3 = 5."',
    ...(usesTemplate
      ? [
          'turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": completion}]',
          "text = tokenizer.apply_chat_template(turns, tokenize=False)",
        ]
      : ["text = prompt + completion"]),
    ...(appendsEos ? ["text += tokenizer.eos_token"] : []),
    // A template writes its own special tokens.
    `inputs = tokenizer(text, return_tensors="pt"${usesTemplate ? ", add_special_tokens=False" : ""})`,
    "with torch.no_grad():",
    '    reward = model(inputs["input_ids"]).logits[0, 0].item()',
    "print(reward)",
  ];
}

function languageModel(record: RunRecord): string[] {
  return [
    ...loading(record, "AutoModelForCausalLM", ""),
    "",
    'inputs = tokenizer("What is 2 + 3?", return_tensors="pt")',
    'output = model.generate(inputs["input_ids"], max_new_tokens=100)',
    "print(tokenizer.decode(output[0]))",
  ];
}

function loading({ model, settings: { method } }: RunRecord, autoModel: string, options: string): string[] {
  const tokenizer = 'tokenizer = AutoTokenizer.from_pretrained(".")';
  if (method !== "lora") {
    return [
      `from transformers import ${autoModel}, AutoTokenizer`,
      "",
      tokenizer,
      `model = ${autoModel}.from_pretrained(".").eval()`,
    ];
  }
  const base = JSON.stringify(hubName(model) ?? `path/to/${lastPart(model)}`);
  return [
    "from peft import PeftModel",
    `from transformers import ${autoModel}, AutoTokenizer`,
    "",
    tokenizer,
    `base = ${autoModel}.from_pretrained(${base}${options})`,
    'model = PeftModel.from_pretrained(base, ".").eval()',
  ];
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
