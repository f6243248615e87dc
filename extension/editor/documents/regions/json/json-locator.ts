/** Follows the path of a field through the source of JSON, and through JSON that its strings hold. */
import type { FieldPath } from "../../../../engine/data/fields/text";
import { type Locator, type WrittenString, within } from "../locator";
import { JsonNode, skipBlank } from "./json-node";

export class JsonLocator implements Locator {
  readonly #root: JsonNode;
  /** The pieces of one string have the very same path. */
  readonly #found = new Map<FieldPath, WrittenString | undefined>();

  /** @param source which JSON.parse reads, from the offset `start` on */
  constructor(source: string, start = 0) {
    this.#root = new JsonNode(source, skipBlank(source, start));
  }

  locate(path: FieldPath): WrittenString | undefined {
    if (!this.#found.has(path)) this.#found.set(path, stringAt(this.#root, path));
    return this.#found.get(path);
  }
}

function stringAt(root: JsonNode, path: FieldPath): WrittenString | undefined {
  let node: JsonNode | undefined = root;
  for (const [i, step] of path.entries()) {
    if (step === null) return node.string && stringWithin(node.string, path.slice(i + 1));
    node = typeof step === "number" ? node.items[step] : node.member(step);
    if (!node) return undefined;
  }
  return node.string;
}

/** The string at a path of the JSON that another string holds. */
export function stringWithin(outer: WrittenString, path: FieldPath): WrittenString | undefined {
  const inner = stringAt(new JsonNode(outer.text, skipBlank(outer.text, 0)), path);
  return inner && within(outer, inner);
}
