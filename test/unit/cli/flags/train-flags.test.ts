import { Command, CommanderError } from "commander";
import { expect, test } from "vitest";
import {
  addTrainingFlags,
  type TrainingFlags,
  trainRequest,
} from "../../../../extension/cli/flags/train-flags";
import { settingsOfFlags } from "../../../../extension/cli/flags/train-settings";
import { defaultLearningRate, defaultSettings } from "../../../../extension/protocol/train-settings";

function parse(...args: string[]): TrainingFlags {
  const command = addTrainingFlags(new Command("train")).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: "user" }).opts<TrainingFlags>();
}

test("without flags, the settings are the defaults", () => {
  expect(settingsOfFlags(parse())).toEqual(defaultSettings);
});

test("every flag reaches its setting", () => {
  const flags = parse(
    ...["--method", "full", "--objective", "language-model", "--head", "mlp"],
    ...["--lambda", "0.9", "--lm-weight", "0.25", "--reward-centering", "0.01", "--samples", "8"],
    ...["--goal-strategy", "average", "--negatives", "after-divergence", "--all-pairs"],
    ...["--ranking", "from-divergence"],
    ...["--source-window", "0:0.5", "--goal-window", "0.9:1"],
    ...[
      "--lora-rank",
      "4",
      "--lora-alpha",
      "6.5",
      "--lora-targets",
      "q_proj, v_proj",
      "--lora-dropout",
      "0.1",
    ],
    ...["--epochs", "2.5", "--max-steps", "7", "--pairs-per-prompt", "3", "--batch-size", "5"],
    ...["--batch-tokens", "999", "--learning-rate", "3e-4", "--schedule", "constant", "--warmup", "0"],
    ...["--weight-decay", "0.02", "--max-grad-norm", "2", "--max-length", "77", "--eval-share", "0.2"],
    ...["--eval-pairs", "11", "--eval-steps", "12", "--patience", "4", "--save-steps", "13", "--keep", "2"],
    ...["--seed", "0"],
  );
  expect(settingsOfFlags(flags)).toEqual({
    method: "full",
    objective: "language-model",
    head: "mlp",
    loss: {
      ranking: "from-divergence",
      lambda: 0.9,
      lmWeight: 0.25,
      rewardCentering: 0.01,
      samples: 8,
      goal: "average",
      negatives: "after-divergence",
      allPairs: true,
      sourceWindow: [0, 0.5],
      goalWindow: [0.9, 1],
    },
    lora: { rank: 4, alpha: 6.5, targets: ["q_proj", "v_proj"], dropout: 0.1 },
    epochs: 2.5,
    maxSteps: 7,
    pairsPerPrompt: 3,
    batchSize: 5,
    batchTokens: 999,
    learningRate: 3e-4,
    schedule: "constant",
    warmup: 0,
    weightDecay: 0.02,
    maxGradNorm: 2,
    maxLength: 77,
    evalShare: 0.2,
    evalPairs: 11,
    evalSteps: 12,
    patience: 4,
    saveSteps: 13,
    keep: 2,
    seed: 0,
  });
});

test.each(["head", "lora", "full"] as const)("the learning rate of --method %s is its own", (method) => {
  expect(settingsOfFlags(parse("--method", method)).learningRate).toBe(defaultLearningRate[method]);
  expect(settingsOfFlags(parse("--method", method, "--learning-rate", "0.5")).learningRate).toBe(0.5);
});

test.each([
  ["--lambda", "-0.1", "a number of 0 or more"],
  ["--lambda", "", "a number of 0 or more"],
  ["--lm-weight", "Infinity", "a number of 0 or more"],
  ["--learning-rate", "0", "a number above 0"],
  ["--warmup", "1.5", "a number from 0 to 1"],
  ["--eval-share", "1", "a number from 0 up to, but not including, 1"],
  ["--lora-dropout", "1", "a number from 0 up to, but not including, 1"],
  ["--samples", "0", "a whole number above 0"],
  ["--batch-size", "2.5", "a whole number above 0"],
  ["--patience", "-1", "a whole number of 0 or more"],
  ["--goal-window", "0.9", "two shares of the completion"],
  ["--goal-window", "1:0.9", "two shares of the completion"],
  ["--goal-window", "0:0.5:1", "two shares of the completion"],
  ["--source-window", "0:1.5", "two shares of the completion"],
  ["--lora-targets", "q_proj,,v_proj", "names of linear layers"],
  ["--schedule", "steps", "Allowed choices are cosine, linear, constant"],
  ["--model", "a", "cannot be used with option '--init"],
])("%s %s is refused with a message that says what it must be", (flag, value, message) => {
  const run = (): unknown => parse(flag, value, ...(flag === "--model" ? ["--init", "b"] : []));
  expect(run).toThrow(CommanderError);
  expect(run).toThrow(message);
});

test("a request contains the given flags and nothing else", () => {
  const flags = parse("--init", "new/config.json", "--limit", "9", "--field", "chosen=good", "--chat");
  expect(trainRequest("pairs.jsonl", flags, "runs/a", defaultSettings)).toEqual({
    run: "cli",
    dataset: "pairs.jsonl",
    fields: { chosen: "good" },
    limit: 9,
    device: "auto",
    chat: true,
    init: "new/config.json",
    out: "runs/a",
    settings: defaultSettings,
  });
});

test("the help is grouped and shows the defaults", () => {
  const help = addTrainingFlags(new Command("train")).configureHelp({ helpWidth: 300 }).helpInformation();
  const heads = [...help.matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading);
  expect(heads).toEqual([
    "Model and data",
    "What is trained",
    "Loss = ranking + lambda · contrastive + lm-weight · language model",
    "Adapter, with --method lora",
    "Steps",
    "Evaluation and checkpoints",
    "Options",
  ]);
  expect(help).toMatch(/--lambda <weight> .*\(default: 0\.5\)/);
  expect(help).toMatch(/--goal-window <from:to> .*\(default: 0:1\)/);
  expect(help).toMatch(
    /--learning-rate <rate> .*\(default: 0\.001 with head, 0\.0002 with lora, 0\.00001 with full\)/,
  );
});
