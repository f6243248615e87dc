/** Reverse-mode differentiation: extends a graph by the gradients of a loss. */
import { printShape, product } from "./dim";
import type { Graph, Node, Value } from "./graph";
import { add } from "./ops/elementwise";

/**
 * Gradient of a loss by each parameter, as further nodes of its graph; only what the parameters need is built.
 * loss: one element; parameters: inputs or inner values of the graph → a value in each parameter's shape.
 * Throws where the loss does not depend on a parameter, or an op on the way has no backward rule.
 */
export function differentiate(loss: Value, parameters: readonly Value[]): Map<Value, Value> {
  if (product(loss.shape) !== 1)
    throw new Error(`a loss is one number, ${loss.name} has the shape ${printShape(loss.shape)}`);
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

/** The nodes that depend on the parameters, in order, and all that does: gradients flow nowhere else. */
function between(parameters: readonly Value[], graph: Graph): { path: Node[]; active: Set<Value> } {
  const active = new Set(parameters);
  const path = graph.nodes.filter((node) => {
    if (!node.inputs.some((input) => input && active.has(input))) return false;
    // Counts and comparisons stop a gradient: they do not change with small changes of what they read.
    const floats = node.outputs.filter(({ dtype }) => dtype.includes("float"));
    for (const output of floats) active.add(output);
    return floats.length > 0;
  });
  return { path, active };
}

function one({ graph, dtype, shape }: Value): Value {
  return graph.constant(dtype === "float64" ? "float64" : "float32", [1], shape.map(Number));
}
