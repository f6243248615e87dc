/** Guards the engine: in an untrusted workspace, requests that are not known to be safe are refused. */
import { dirname } from "node:path";
import { InputError } from "../../engine/errors";
import type { RewardEngine } from "../../protocol/engine";
import type { ModelRequest, PlacesRequest } from "../../protocol/models";

/** Whether the workspace is trusted, and what is inside it. */
export interface Trust {
  readonly isTrusted: boolean;
  /** The first of the real paths that is inside the workspace and outside the extension; undefined if there is none. */
  firstUntrusted(places: readonly string[]): Promise<string | undefined>;
}

/** The model or run that a request opens, whose files need as much trust as code. */
interface Opened {
  /** Name of the model or run, for the message. */
  readonly name: string;
  readonly places: PlacesRequest;
}

/** `data` if the request opens no model, and reads files only as data. */
type Policy<R> = "data" | ((request: R) => Opened | "data");

type Request<F> = F extends (request: infer R, ...rest: never[]) => unknown ? R : never;

/** One policy per request of an engine. A request without one does not compile, and is refused at run time. */
export type Policies<E> = { readonly [M in keyof E]: Policy<Request<E[M]>> };

const opensModel = ({ model, base }: Pick<ModelRequest, "model" | "base">): Opened => ({
  name: model,
  places: { model, ...(base !== undefined && { base }) },
});

export const policies: Policies<RewardEngine> = {
  inspect: opensModel,
  score: opensModel,
  scoreDataset: opensModel,
  makeGoal: opensModel,
  evaluate: opensModel,
  estimateTraining: opensModel,
  train: ({ model, init, base }) => {
    const start = model ?? (init === undefined ? undefined : dirname(init));
    // The engine refuses a request that names neither.
    return start === undefined ? "data" : opensModel({ model: start, ...(base !== undefined && { base }) });
  },
  resume: ({ folder }) => ({ name: folder, places: { run: folder } }),
  listGoals: opensModel,
  stopTraining: "data",
  devices: "data",
  listModels: "data",
  listRuns: "data",
  findRun: "data",
  readMetrics: "data",
  places: "data",
};

/** Wraps an engine. Its requests can also reject with an InputError that has the code `untrusted`. */
export function trustedEngine<E extends RewardEngine>(engine: E, trust: Trust): E {
  const table: Readonly<Record<string, Policy<never> | undefined>> = policies;
  return new Proxy(engine, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || typeof name === "symbol") return method;
      const policy = Object.hasOwn(table, name) ? table[name] : undefined;
      return async (request: never, ...rest: readonly unknown[]): Promise<unknown> => {
        if (!trust.isTrusted) await refuseUntrusted(engine, trust, name, policy, request);
        return method.call(target, request, ...rest);
      };
    },
  });
}

async function refuseUntrusted(
  engine: RewardEngine,
  trust: Trust,
  method: string,
  policy: Policy<never> | undefined,
  request: never,
): Promise<void> {
  if (policy === undefined) throw untrusted(method, "is not available in an untrusted workspace", undefined);
  const opened = policy === "data" ? policy : policy(request);
  if (opened === "data") return;
  const { name, places } = opened;
  const place = await trust.firstUntrusted(await engine.places(places));
  if (place === undefined) return;
  const relation = place === name ? "is" : `needs ${place}, which is`;
  throw untrusted(name, `${relation} in an untrusted workspace`, place);
}

function untrusted(name: string, problem: string, place: string | undefined): InputError {
  return new InputError(name, problem, { code: "untrusted", data: { place } });
}
