import { expect, test } from "vitest";
import { readDecoder } from "../../../../../extension/engine/architecture/families/families";
import { fusedOnPast } from "../../../../../extension/engine/architecture/lowering/fused";
import { buildScoringGraph, tensorNames } from "../../../../../extension/engine/architecture/scoring-graph";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import type { Graph, Node, Value } from "../../../../../extension/engine/graph/graph";
import { fixtureFolder } from "../../../../parity/fixture";

/** The nodes on which a value depends. */
function before(graph: Graph, name: string): Set<Node> {
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node] as const)),
  );
  const found = new Set<Node>();
  const open: (Pick<Value, "name"> | undefined)[] = [{ name }];
  for (let value = open.pop(); value; value = open.pop()) {
    const maker = makers.get(value.name);
    if (!maker || found.has(maker)) continue;
    found.add(maker);
    open.push(...maker.inputs.filter((input) => input !== undefined));
  }
  return found;
}

// The runtime computes what only graph outputs need last, and would hold every layer's keys and values until then.
test("keys and values are cut before the scores are computed, so that the uncut ones are freed", async () => {
  const checkpoint = await Checkpoint.open(fixtureFolder("llama"));
  const decoder = readDecoder(checkpoint.config);
  const { graph, past = [] } = buildScoringGraph(checkpoint, decoder, undefined, fusedOnPast);
  expect(past).toHaveLength(decoder.shape.layers);
  const ofScores = before(graph, tensorNames.q);
  for (const name of past.flatMap(({ outputs }) => outputs)) {
    const cuts = [...before(graph, name)].filter(({ op }) => op.type === "Slice");
    expect(cuts.length).toBeGreaterThan(0);
    expect(cuts.filter((cut) => !ofScores.has(cut))).toEqual([]);
  }
});
