/** The flags that are settings of a training run; `train-settings.ts` has what they come to. */
import { InvalidArgumentError, Option } from "commander";
import {
  defaultLearningRate,
  defaultLora,
  defaultLoss,
  defaultSettings,
  goalStateSources,
  heads,
  methods,
  negativeRanges,
  objectives,
  rankings,
  schedules,
  type Window,
} from "../../protocol/train-settings";
import { countOrNone, positive, share, shareBelowOne, weight, window } from "./number-flags";
import { wholeNumber } from "./options";

/** New options, since a command keeps those it is given. */
export function settingOptions(): Option[] {
  return [
    ...group("What is trained:", [
      named(
        "--method <name>",
        "the reward head alone, a low-rank adapter and the head, or every weight",
        methods,
      ).default(defaultSettings.method),
      named(
        "--objective <name>",
        "language-model warms up a new model: it reads chosen completions only, and gets no reward head",
        objectives,
      ).default(defaultSettings.objective),
      named(
        "--head <shape>",
        "of the reward head, where the model has none yet; mlp is the paper's, which decouples Q from the reward",
        heads,
      ).default(defaultSettings.head),
      valued(
        "--seed <number>",
        "of all that is random: new weights, the order of pairs, drawn states",
        countOrNone,
        defaultSettings.seed,
      ),
    ]),
    ...group("Loss = ranking + lambda · contrastive + lm-weight · language model:", [
      valued(
        "--lambda <weight>",
        "of the contrastive loss; 0 leaves it out: a plain reward model",
        weight,
        defaultLoss.lambda,
      ),
      named(
        "--ranking <tokens>",
        "which rewards are ranked: those of the completions (the paper's), or every token's from where the completions part",
        rankings,
      ).default(defaultLoss.ranking),
      valued(
        "--samples <count>",
        "positive and negative pairs of states drawn from a preference pair",
        wholeNumber,
        defaultLoss.samples,
      ),
      named(
        "--goal-strategy <name>",
        "goal states: one of the completion's own (the paper's), the batch's mean, or another prompt's",
        goalStateSources,
      ).default(defaultLoss.goal),
      named(
        "--negatives <where>",
        "goals of negatives: anywhere in the rejected completion, or after it left the chosen one",
        negativeRanges,
      ).default(defaultLoss.negatives),
      new Option(
        "--all-pairs",
        "compare every source with every goal of a pair, as the paper's released code does",
      ),
      valued(
        "--source-window <from:to>",
        "part of the completion that sources come from",
        window,
        defaultLoss.sourceWindow,
        shownWindow,
      ),
      valued(
        "--goal-window <from:to>",
        "part of the completion that goals come from; 0.9:1 is the last tenth",
        window,
        defaultLoss.goalWindow,
        shownWindow,
      ),
      valued(
        "--lm-weight <weight>",
        "of the language-model loss on chosen completions",
        weight,
        defaultLoss.lmWeight,
      ),
      valued(
        "--reward-centering <weight>",
        "of (chosen + rejected reward)², which keeps rewards around 0; 0.01 is usual",
        weight,
        defaultLoss.rewardCentering,
      ),
    ]),
    ...group("Adapter, with --method lora:", [
      valued("--lora-rank <number>", "rank of the adapter", wholeNumber, defaultLora.rank),
      valued("--lora-alpha <number>", "the adapter counts alpha / rank times", positive, defaultLora.alpha),
      valued(
        "--lora-targets <names>",
        "linear layers to adapt, as q_proj,v_proj",
        layerNames,
        defaultLora.targets,
        () => "all",
      ),
      valued(
        "--lora-dropout <share>",
        "of a layer's inputs that the adapter does not see in a step",
        shareBelowOne,
        defaultLora.dropout,
      ),
    ]),
    ...group("Steps:", [
      valued("--epochs <number>", "passes over the training pairs", positive, defaultSettings.epochs),
      new Option(
        "--max-steps <count>",
        "end after this many steps, if the epochs have not by then",
      ).argParser(wholeNumber),
      valued("--batch-size <pairs>", "preference pairs of a step", wholeNumber, defaultSettings.batchSize),
      valued(
        "--batch-tokens <tokens>",
        "run at once, padding included; a step takes as many runs as it needs",
        wholeNumber,
        defaultSettings.batchTokens,
      ),
      new Option("--learning-rate <rate>", `at its highest (default: ${shownRates()})`).argParser(positive),
      named("--schedule <name>", "how the learning rate falls", schedules).default(defaultSettings.schedule),
      valued(
        "--warmup <share>",
        "of the steps, over which the learning rate rises from 0",
        share,
        defaultSettings.warmup,
      ),
      valued("--weight-decay <rate>", "of AdamW, on matrices", weight, defaultSettings.weightDecay),
      valued(
        "--max-grad-norm <norm>",
        "longer gradients are shortened to this",
        positive,
        defaultSettings.maxGradNorm,
      ),
      valued(
        "--max-length <tokens>",
        "longest sequence, prompt included",
        wholeNumber,
        defaultSettings.maxLength,
      ),
      valued(
        "--pairs-per-prompt <count>",
        "most pairs made of one prompt's right and wrong completions",
        wholeNumber,
        defaultSettings.pairsPerPrompt,
      ),
    ]),
    ...group("Evaluation and checkpoints:", [
      valued(
        "--eval-share <share>",
        "of the prompts that is held out; 0: none",
        shareBelowOne,
        defaultSettings.evalShare,
      ),
      valued(
        "--eval-pairs <count>",
        "most held-out pairs that are evaluated",
        wholeNumber,
        defaultSettings.evalPairs,
      ),
      valued("--eval-steps <count>", "steps between evaluations", wholeNumber, defaultSettings.evalSteps),
      valued(
        "--patience <count>",
        "evaluations without a better loss before the run ends; 0: never",
        countOrNone,
        defaultSettings.patience,
      ),
      valued("--save-steps <count>", "steps between checkpoints", wholeNumber, defaultSettings.saveSteps),
      valued("--keep <count>", "checkpoints kept besides the best", wholeNumber, defaultSettings.keep),
    ]),
  ];
}

function group(heading: string, options: readonly Option[]): Option[] {
  return options.map((option) => option.helpGroup(heading));
}

function named(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}

function valued<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  value: T,
  shown: (value: T) => string = String,
): Option {
  return new Option(flags, description).argParser(parse).default(value, shown(value));
}

function layerNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => !/^[\w.]+$/.test(name)))
    throw new InvalidArgumentError("It must be names of linear layers, as q_proj,v_proj.");
  return names;
}

function shownWindow([from, to]: Window): string {
  return `${from}:${to}`;
}

function shownRates(): string {
  return methods.map((method) => `${defaultLearningRate[method]} with ${method}`).join(", ");
}
