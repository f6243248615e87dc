/** A dimension: a number, or a product of symbols such as `B`, `B*T` or `2*B*T` (coefficient first, symbols sorted). */
export type Dim = number | string;
export type Shape = readonly Dim[];

interface Monomial {
  readonly coefficient: number;
  readonly symbols: readonly string[];
}

function parse(dim: Dim): Monomial {
  if (typeof dim === "number") return { coefficient: dim, symbols: [] };
  const parts = dim.split("*");
  const first = Number(parts[0]);
  return Number.isNaN(first)
    ? { coefficient: 1, symbols: parts }
    : { coefficient: first, symbols: parts.slice(1) };
}

function print({ coefficient, symbols }: Monomial): Dim {
  if (symbols.length === 0 || coefficient === 0) return coefficient;
  const sorted = [...symbols].sort();
  return (coefficient === 1 ? sorted : [coefficient, ...sorted]).join("*");
}

/** Number of elements of a shape; 1 for a scalar. */
export function product(dims: Shape): Dim {
  const monomials = dims.map(parse);
  return print({
    coefficient: monomials.reduce((total, m) => total * m.coefficient, 1),
    symbols: monomials.flatMap((m) => m.symbols),
  });
}

/** a / b; undefined if that is not exact. */
export function quotient(a: Dim, b: Dim): Dim | undefined {
  const numerator = parse(a);
  const denominator = parse(b);
  const coefficient = numerator.coefficient / denominator.coefficient;
  const symbols = [...numerator.symbols];
  for (const symbol of denominator.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return undefined;
    symbols.splice(at, 1);
  }
  return Number.isInteger(coefficient) ? print({ coefficient, symbols }) : undefined;
}

/** Shape of an elementwise result under NumPy broadcasting; undefined if the shapes cannot be broadcast. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    result.push(x === 1 ? y : x);
  }
  return result;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Formats a shape, as in `[B,T,64]`. */
export function printShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** Index of an axis; a negative one counts from the end. Throws if it is out of range. */
export function axisOf(axis: number, shape: Shape): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (index < 0 || index >= shape.length)
    throw new Error(`axis ${axis} is out of range for ${printShape(shape)}`);
  return index;
}
