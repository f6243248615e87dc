/** Follows the path of a field through JSON source, and through JSON inside its strings. */
import type { FieldPath } from "../../../../engine/data/fields/text";
import { type Locator, type WrittenString, within } from "../locator";
import { JsonNode, skipBlank } from "./json-node";

export class JsonLocator implements Locator {
  readonly #root: JsonNode;
  /** Strings by path. The pieces of one string share one path object. */
  readonly #found = new Map<FieldPath, WrittenString | undefined>();

  /** @param source valid JSON from the offset `start` */
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

/** Finds the string at a path of the JSON inside another string. */
export function stringWithin(outer: WrittenString, path: FieldPath): WrittenString | undefined {
  const inner = stringAt(new JsonNode(outer.text, skipBlank(outer.text, 0)), path);
  return inner && within(outer, inner);
}
