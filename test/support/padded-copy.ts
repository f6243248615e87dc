/** Copies of the small checkpoint with other padding tokens. */
import { copyFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkpoint } from "./fixture";
import { temporaryFolder } from "./temp-folder";

export interface Padding {
  /** `pad_token_id` of config.json. */
  readonly id?: number | null;
  /** `pad_token` of the tokenizer. */
  readonly token?: string | null;
  /** Renames the special token that is named for padding. */
  readonly isRenamed?: boolean;
  /** Other values of config.json. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The end-of-sequence token of the small checkpoint. */
export const eos = { id: 1, token: "<|end|>" };

/** Copies the checkpoint to a folder. Its tokenizer has no padding token unless one is given. */
export async function paddedCopy({ id = null, token = null, isRenamed, config }: Padding): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of await readdir(checkpoint)) {
    const file = join(checkpoint, name);
    if ((await stat(file)).isFile()) await copyFile(file, join(folder, name));
  }
  await change(join(folder, "config.json"), { pad_token_id: id, ...config });
  await change(join(folder, "tokenizer_config.json"), { pad_token: token });
  if (isRenamed) {
    const path = join(folder, "tokenizer.json");
    await writeFile(path, (await readFile(path, "utf8")).replaceAll("<|pad|>", "<|x|>"));
  }
  return folder;
}

async function change(path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...values }));
}
