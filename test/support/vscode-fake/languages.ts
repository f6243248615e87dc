/** Language features: which providers are registered for which documents, and the problems of each document. */
import { type Diagnostic, Disposable, type Uri } from "./values";

interface Registered {
  readonly feature: "code-lens" | "hover" | "inlay-hints" | "code-actions";
  readonly selector: unknown;
}

const registered = new Set<Registered>();
const problems = new Map<string, readonly Diagnostic[]>();

function register(feature: Registered["feature"]) {
  return (selector: unknown): Disposable => {
    const registration = { feature, selector };
    registered.add(registration);
    return new Disposable(() => registered.delete(registration));
  };
}

export function forgetLanguages(): void {
  registered.clear();
  problems.clear();
}

export const fakeLanguages = {
  /** Selectors of the providers that are registered now, by feature. */
  get selectors(): Record<string, unknown> {
    return Object.fromEntries([...registered].map(({ feature, selector }) => [feature, selector]));
  },
  problemsOf: (uri: Uri): readonly Diagnostic[] => problems.get(uri.toString()) ?? [],
};

export const languages = {
  registerCodeLensProvider: register("code-lens"),
  registerHoverProvider: register("hover"),
  registerInlayHintsProvider: register("inlay-hints"),
  registerCodeActionsProvider: register("code-actions"),
  createDiagnosticCollection: () => ({
    set: (uri: Uri, all: readonly Diagnostic[]) => problems.set(uri.toString(), all),
    delete: (uri: Uri) => problems.delete(uri.toString()),
    clear: () => problems.clear(),
    dispose: () => problems.clear(),
  }),
};
