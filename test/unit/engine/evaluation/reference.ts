/** What scikit-learn, scipy and numpy measure, from test/fixtures/evaluation/make.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../support/fixture";

interface BootstrapCase {
  readonly margins: readonly number[];
  readonly value: number;
  readonly interval: readonly [number, number];
}

interface Reference {
  readonly auroc: readonly {
    readonly labels: readonly boolean[];
    readonly rewards: readonly number[];
    readonly weights: readonly number[];
    readonly auroc: number;
    readonly weighted: number;
  }[];
  readonly groups: {
    readonly labels: readonly boolean[];
    readonly rewards: readonly number[];
    readonly groups: readonly string[];
    readonly auroc: number;
    readonly count: number;
  };
  readonly partial: {
    readonly labels: readonly boolean[];
    /** Partial rewards by completion and token. */
    readonly tokens: readonly (readonly number[])[];
    readonly aurocs: readonly number[];
  };
  readonly quantiles: readonly {
    readonly values: readonly number[];
    readonly shares: readonly number[];
    readonly quantiles: readonly number[];
  }[];
  readonly means: readonly {
    readonly values: readonly number[];
    readonly mean: number;
    readonly interval: readonly [number, number];
  }[];
  /** 0.975 quantiles of Student's t for 1, 2, … degrees of freedom. */
  readonly student: readonly number[];
  readonly accuracy: BootstrapCase;
  readonly margin: BootstrapCase;
}

export const reference: Reference = JSON.parse(
  readFileSync(join(root, "test/fixtures/evaluation/reference.json"), "utf8"),
);
