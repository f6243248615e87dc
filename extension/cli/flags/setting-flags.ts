/** Flags for the settings of a training run; `train-settings.ts` converts them. */
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

/** Returns new options each time, because a command owns those it is given. */
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
        "language-model warms up a new model on chosen completions, without a reward head",
        objectives,
      ).default(defaultSettings.objective),
      named(
        "--head <kind>",
        "kind of a new reward head; mlp is the paper's, which decouples Q from the reward",
        heads,
      ).default(defaultSettings.head),
      valued(
        "--seed <number>",
        "random seed for new weights, the order of pairs and sampled states",
        countOrNone,
        defaultSettings.seed,
      ),
    ]),
    ...group("Loss = ranking + lambda · contrastive + lm-weight · language model:", [
      valued(
        "--lambda <weight>",
        "weight of the contrastive loss; 0 trains a plain reward model",
        weight,
        defaultLoss.lambda,
      ),
      named(
        "--ranking <tokens>",
        "rewards to rank: those of the completions (the paper's), or those of every token from the first that differs",
        rankings,
      ).default(defaultLoss.ranking),
      valued(
        "--samples <count>",
        "positive and negative pairs of states sampled per preference pair",
        wholeNumber,
        defaultLoss.samples,
      ),
      named(
        "--goal-strategy <name>",
        "goal states: one of the completion's own (the paper's), the batch's mean, or another prompt's",
        goalStateSources,
      ).default(defaultLoss.goal),
      named(
        "--negatives <range>",
        "goals of negatives: anywhere in the rejected completion, or after it diverges from the chosen one",
        negativeRanges,
      ).default(defaultLoss.negatives),
      new Option(
        "--all-pairs",
        "compare every source with every goal of a pair, as the paper's released code does",
      ),
      valued(
        "--source-window <from:to>",
        "part of the completion from which sources are sampled",
        window,
        defaultLoss.sourceWindow,
        shownWindow,
      ),
      valued(
        "--goal-window <from:to>",
        "part of the completion from which goals are sampled; 0.9:1 is the last tenth",
        window,
        defaultLoss.goalWindow,
        shownWindow,
      ),
      valued(
        "--lm-weight <weight>",
        "weight of the language-model loss on chosen completions",
        weight,
        defaultLoss.lmWeight,
      ),
      valued(
        "--reward-centering <weight>",
        "weight of (chosen + rejected reward)², which keeps rewards around 0; 0.01 is typical",
        weight,
        defaultLoss.rewardCentering,
      ),
    ]),
    ...group("Adapter, with --method lora:", [
      valued("--lora-rank <number>", "rank of the adapter", wholeNumber, defaultLora.rank),
      valued("--lora-alpha <number>", "the adapter is scaled by alpha / rank", positive, defaultLora.alpha),
      valued(
        "--lora-targets <names>",
        "linear layers to adapt, for example q_proj,v_proj",
        layerNames,
        defaultLora.targets,
        () => "all",
      ),
      valued(
        "--lora-dropout <share>",
        "share of a layer's inputs that is hidden from the adapter in each step",
        shareBelowOne,
        defaultLora.dropout,
      ),
    ]),
    ...group("Steps:", [
      valued("--epochs <number>", "passes over the training pairs", positive, defaultSettings.epochs),
      new Option(
        "--max-steps <count>",
        "stop after this many steps, even if the epochs are not finished",
      ).argParser(wholeNumber),
      valued("--batch-size <pairs>", "preference pairs per step", wholeNumber, defaultSettings.batchSize),
      valued(
        "--batch-tokens <tokens>",
        "tokens per micro-batch, including padding; a step takes as many micro-batches as it needs",
        wholeNumber,
        defaultSettings.batchTokens,
      ),
      new Option("--learning-rate <rate>", `peak learning rate (default: ${shownRates()})`).argParser(
        positive,
      ),
      named("--schedule <name>", "how the learning rate decays", schedules).default(defaultSettings.schedule),
      valued(
        "--warmup <share>",
        "share of the steps over which the learning rate rises from 0",
        share,
        defaultSettings.warmup,
      ),
      valued(
        "--weight-decay <rate>",
        "weight decay of AdamW, for matrices only",
        weight,
        defaultSettings.weightDecay,
      ),
      valued(
        "--max-grad-norm <norm>",
        "largest norm of the gradient; longer gradients are clipped",
        positive,
        defaultSettings.maxGradNorm,
      ),
      valued(
        "--max-length <tokens>",
        "longest sequence, including the prompt",
        wholeNumber,
        defaultSettings.maxLength,
      ),
      valued(
        "--pairs-per-prompt <count>",
        "most pairs made from one prompt's correct and incorrect completions",
        wholeNumber,
        defaultSettings.pairsPerPrompt,
      ),
    ]),
    ...group("Evaluation and checkpoints:", [
      valued(
        "--eval-share <share>",
        "share of the prompts to hold out; 0 holds out none",
        shareBelowOne,
        defaultSettings.evalShare,
      ),
      valued(
        "--eval-pairs <count>",
        "most held-out pairs to evaluate",
        wholeNumber,
        defaultSettings.evalPairs,
      ),
      valued("--eval-steps <count>", "steps between evaluations", wholeNumber, defaultSettings.evalSteps),
      valued(
        "--patience <count>",
        "evaluations without a lower loss before the run stops; 0 never stops it early",
        countOrNone,
        defaultSettings.patience,
      ),
      valued("--save-steps <count>", "steps between checkpoints", wholeNumber, defaultSettings.saveSteps),
      valued("--keep <count>", "checkpoints to keep besides the best", wholeNumber, defaultSettings.keep),
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
    throw new InvalidArgumentError("It must be names of linear layers, such as q_proj,v_proj.");
  return names;
}

function shownWindow([from, to]: Window): string {
  return `${from}:${to}`;
}

function shownRates(): string {
  return methods.map((method) => `${defaultLearningRate[method]} with ${method}`).join(", ");
}
