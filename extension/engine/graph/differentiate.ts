/** Reverse-mode differentiation: adds the gradients of a loss to its graph. */
import { printShape, product } from "./dim";
import type { Graph, Node, Value } from "./graph";
import { add } from "./ops/elementwise";

/**
 * Gradient of a loss with respect to each parameter. Adds only the nodes that these gradients need.
 * loss: one element; parameters: inputs or intermediate values of the graph → one value per parameter, of its shape.
 * Throws if the loss does not depend on a parameter, or if an op between them has no backward rule.
 */
export function differentiate(loss: Value, parameters: readonly Value[]): Map<Value, Value> {
  if (product(loss.shape) !== 1)
    throw new Error(`a loss has one element, but ${loss.name} has shape ${printShape(loss.shape)}`);
  const gradients = new Map<Value, Value>([[loss, one(loss)]]);
  const { path, active } = between(parameters, loss.graph);
  for (const node of path.reverse()) {
    const flowing = node.outputs.map((output) => gradients.get(output));
    if (flowing.every((gradient) => gradient === undefined)) continue;
    if (!node.backward) throw new Error(`${node.op.type} has no backward rule`);
    const pullbacks = node.backward(flowing);
    node.inputs.forEach((input, i) => {
      const pullback = pullbacks[i];
      if (!input || !pullback || !active.has(input)) return;
      const known = gradients.get(input);
      gradients.set(input, known ? add(known, pullback()) : pullback());
    });
  }
  return new Map(
    parameters.map((parameter) => {
      const gradient = gradients.get(parameter);
      if (!gradient) throw new Error(`the loss does not depend on ${parameter.name}`);
      return [parameter, gradient];
    }),
  );
}

/** The nodes and values that depend on the parameters, nodes in order. Gradients flow through no others. */
function between(parameters: readonly Value[], graph: Graph): { path: Node[]; active: Set<Value> } {
  const active = new Set(parameters);
  const path = graph.nodes.filter((node) => {
    if (!node.inputs.some((input) => input && active.has(input))) return false;
    // Integer and boolean outputs stop a gradient: small changes of the inputs do not change them.
    const floats = node.outputs.filter(({ dtype }) => dtype.includes("float"));
    for (const output of floats) active.add(output);
    return floats.length > 0;
  });
  return { path, active };
}

function one({ graph, dtype, shape }: Value): Value {
  return graph.constant(dtype === "float64" ? "float64" : "float32", [1], shape.map(Number));
}
