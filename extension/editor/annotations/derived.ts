/** Values that many readers share, derived once per change. Pure. */
import type { Clock } from "../../scores/scheduler";

export interface DerivedOptions<K, V> {
  readonly derive: (key: K) => V;
  /** Called once for several changes. */
  readonly tell: (keys: readonly K[]) => void;
  readonly clock: Clock;
  /** Milliseconds from the first change to the call of `tell`. */
  readonly delay: number;
}

export class Derived<K extends object, V> {
  readonly #values = new Map<K, V>();
  readonly #untold = new Set<K>();
  #cancel: (() => void) | undefined;

  constructor(private readonly options: DerivedOptions<K, V>) {}

  /** Returns the current value, even before `tell` is called. */
  get(key: K): V {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = this.options.derive(key);
    this.#values.set(key, value);
    return value;
  }

  /** Discards the value, whose source has changed. */
  changed(key: K): void {
    this.#values.delete(key);
    this.#untold.add(key);
    this.#cancel ??= this.options.clock.after(this.options.delay, () => this.#tell());
  }

  /** Like `changed`, but calls `tell` before it returns, for changes that must show at once. */
  changedNow(key: K): void {
    this.#values.delete(key);
    this.#untold.delete(key);
    this.options.tell([key]);
  }

  /** Discards the values of all other keys. */
  keep(keys: readonly K[]): void {
    const kept = new Set(keys);
    for (const key of this.#values.keys()) if (!kept.has(key)) this.#values.delete(key);
    for (const key of this.#untold) if (!kept.has(key)) this.#untold.delete(key);
  }

  dispose(): void {
    this.#cancel?.();
  }

  #tell(): void {
    this.#cancel = undefined;
    const keys = [...this.#untold];
    this.#untold.clear();
    if (keys.length > 0) this.options.tell(keys);
  }
}
