/** Opens and loads a reward model with everything that scoring needs: tokenizer, template, rules and session. */
import { basename } from "node:path";
import type { RewardQuantiles } from "../../protocol/models";
import { readDecoder } from "../architecture/families/families";
import type { Decoder } from "../architecture/family";
import { type RewardHead, rewardHeadOf } from "../checkpoint/heads/reward-head";
import { checkRewardLayout, type RewardScale, rewardScale } from "../checkpoint/heads/reward-layout";
import { rewardTokenRule } from "../checkpoint/heads/reward-token";
import type { Checkpoint } from "../checkpoint/reading/checkpoint";
import { fingerprint } from "../checkpoint/reading/fingerprint";
import { ChatTemplate } from "../data/chat/chat-template";
import { InputError } from "../errors";
import type { Device } from "../runtime/device";
import { defaultMaxLength, keptBytes } from "../runtime/memory";
import { ScoringSession } from "../runtime/session";
import { Tokenizer } from "../tokenizer/tokenizer";
import type { Encoder } from "./encode";
import { eosRule } from "./eos";
import { PrefixStore } from "./prefixes/prefix-store";
import { readRewardQuantiles } from "./reward-quantiles";

/** A model without its weights. */
export interface OpenedModel {
  /** Fingerprint of its files when it was opened. */
  readonly fingerprint: string;
  readonly checkpoint: Checkpoint;
  readonly decoder: Decoder;
  readonly head: RewardHead | undefined;
  readonly encoder: Encoder;
  /** Normalization of rewards and partial rewards, or undefined if they are the head's raw output. */
  readonly scale: RewardScale | undefined;
  /** Assumptions about the model, for the output. */
  readonly notes: readonly string[];
  /** Undefined if the model has none or the file cannot be read, which `inspect` reports. */
  readonly rewardQuantiles?: RewardQuantiles | undefined;
}

/** Opens a model without loading weights. Throws InputError if its parts are invalid or do not fit together. */
export async function openModel(checkpoint: Checkpoint): Promise<OpenedModel> {
  const stamp = await fingerprint(checkpoint);
  const decoder = readDecoder(checkpoint.config);
  const head = rewardHeadOf(checkpoint, decoder.shape.hiddenSize);
  const notes = checkRewardLayout(checkpoint, head);
  const normalization = rewardScale(checkpoint);
  const tokenizer = await Tokenizer.load(await checkpoint.folderOf("tokenizer.json"));
  const { chatTemplate, specialTokens } = tokenizer.config;
  const rows = decoder.shape.vocabularySize;
  if (tokenizer.modelVocabularySize > rows) {
    throw new InputError(
      "tokenizer.json",
      `has ${tokenizer.modelVocabularySize} tokens, but the model's embedding has only ${rows} rows; use the model's own tokenizer`,
    );
  }
  return {
    fingerprint: stamp,
    checkpoint,
    decoder,
    head,
    rewardQuantiles: await readRewardQuantiles(checkpoint.folder).catch(() => undefined),
    encoder: {
      tokenizer,
      template:
        chatTemplate === undefined
          ? undefined
          : new ChatTemplate(chatTemplate, specialTokens, `${basename(checkpoint.folder)} chat template`),
      eos: eosRule(checkpoint.config, tokenizer.config),
      rewardToken: rewardTokenRule(checkpoint, head),
      embeddingRows: rows,
    },
    scale: head && normalization.scale,
    notes: [...notes, ...(head ? normalization.notes : [])],
  };
}

export class RewardModel {
  /** Sequences scored with reuse. */
  readonly prefixes: PrefixStore;

  private constructor(
    readonly opened: OpenedModel,
    readonly device: Device,
    readonly session: ScoringSession,
    /** Why the device differs from the chosen one, if it does. */
    readonly notes: readonly string[],
  ) {
    this.prefixes = new PrefixStore(keptBytes, session.lengthBoundary);
  }

  static async load(
    opened: OpenedModel,
    device: Device,
    notes: readonly string[] = [],
  ): Promise<RewardModel> {
    const { checkpoint, decoder, head } = opened;
    const session = await ScoringSession.create(checkpoint, decoder, head, device);
    return new RewardModel(opened, device, session, notes);
  }

  /** Returns the maximum sequence length in tokens: the requested one, but never more than the model supports. */
  maxLength(requested = defaultMaxLength): number {
    return Math.min(requested, this.opened.decoder.shape.maxPositions);
  }

  get hiddenSize(): number {
    return this.opened.decoder.shape.hiddenSize;
  }

  async release(): Promise<void> {
    this.prefixes.clear();
    await this.session.release();
  }
}
