/** Opens a model folder: its configuration, the locations of its tensors, and its adapter. Reads no weights. */
import { basename, dirname, join, relative, sep } from "node:path";
import { InputError } from "../../errors";
import { Config } from "../../model-folder/config";
import { exists, findModelFolder, readWeights } from "../../model-folder/folder";
import type { StoredTensor } from "../../model-folder/safetensors";
import { Adapter } from "./adapter";

export class Checkpoint {
  private constructor(
    /** The folder that the user named; the adapter's folder if it is an adapter. */
    readonly folder: string,
    readonly config: Config,
    readonly tensors: ReadonlyMap<string, StoredTensor>,
    readonly adapter: Adapter | undefined,
    /** Folder of the base model; the same as `folder` without an adapter. */
    readonly baseFolder: string,
    /** The deepest folder that contains every weight file; locations of external data are relative to it. */
    readonly root: string,
  ) {}

  /** Opens a folder (or a model of the local Hugging Face cache); `base` overrides the base an adapter names. */
  static async open(name: string, base?: string): Promise<Checkpoint> {
    const folder = await findModelFolder(name);
    const adapter = (await Adapter.isIn(folder)) ? await Adapter.read(folder) : undefined;
    const baseFolder = adapter ? await findBase(adapter, base) : folder;
    const config = await Config.read(join(baseFolder, "config.json"));
    const quantization = config.section("quantization_config");
    if (quantization) {
      const method = quantization.string("quant_method", "unknown");
      throw new InputError(
        config.place,
        `the weights are quantized (${method}); use the F32, F16 or BF16 checkpoint`,
      );
    }
    const tensors = withReplacements(await readWeights(baseFolder), adapter?.replacements ?? new Map());
    const files = [...tensors.values(), ...(adapter?.lowRankTensors() ?? [])].map(({ file }) => file);
    return new Checkpoint(
      folder,
      config,
      tensors,
      adapter,
      baseFolder,
      commonFolder(basename(folder), files),
    );
  }

  /** Returns the folder to read a file from: the adapter's if it has a file with this name, otherwise the base's. */
  async folderOf(name: string): Promise<string> {
    return (await exists(join(this.folder, name))) ? this.folder : this.baseFolder;
  }

  /** Returns the path of a weight file for ONNX Runtime: relative to `root`, with forward slashes. */
  location(file: string): string {
    return relative(this.root, file).split(sep).join("/");
  }
}

/** Replaces the base's tensors. An adapter may name a tensor with a longer or shorter prefix than the base does. */
function withReplacements(
  base: ReadonlyMap<string, StoredTensor>,
  replacements: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  const tensors = new Map(base);
  const names = [...base.keys()];
  for (const [name, tensor] of replacements) {
    const own = base.has(name)
      ? name
      : names.find((known) => known.endsWith(`.${name}`) || name.endsWith(`.${known}`));
    tensors.set(own ?? name, tensor);
  }
  return tensors;
}

function commonFolder(place: string, files: readonly string[]): string {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  return folders.reduce((common, folder) => {
    let ancestor = common;
    while (ancestor !== folder && !folder.startsWith(ancestor.endsWith(sep) ? ancestor : ancestor + sep)) {
      const parent = dirname(ancestor);
      if (parent === ancestor)
        throw new InputError(place, "its weight files are on different drives; put them on one drive");
      ancestor = parent;
    }
    return ancestor;
  });
}

/** Returns the folder of an adapter's base. Throws InputError if it is not on this machine. */
export async function findBase(
  adapter: Pick<Adapter, "folder" | "baseName">,
  override: string | undefined,
): Promise<string> {
  if (override !== undefined) return findModelFolder(override);
  if (adapter.baseName === "")
    throw new InputError(adapter.folder, "is an adapter that does not name its base", {
      code: "base-missing",
      data: { base: undefined },
    });
  return findModelFolder(adapter.baseName, [adapter.folder, process.cwd()]).catch(() => {
    throw new InputError(
      adapter.folder,
      `is an adapter of ${adapter.baseName}, which is not on this machine`,
      { code: "base-missing", data: { base: adapter.baseName } },
    );
  });
}
