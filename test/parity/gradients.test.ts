/** Losses and gradients of training steps against PyTorch's, which make_gradient_fixtures.py writes. */
import { describe, expect, test } from "vitest";
import { gradientDifferences, gradientFixtures } from "./gradient-fixture";

const float32 = { dtype: "float32" as const, tolerance: 1e-4 };
/** Not smaller, because the fixtures are rounded to float32. */
const float64 = { dtype: "float64" as const, tolerance: 3e-6 };

/** Whether a model's GELU needs Erf, which the runtime supports only in float32. */
const hasErf = (name: string): boolean => name.startsWith("gpt-neox");

describe.each(gradientFixtures)("%s", (name) => {
  test.each(hasErf(name) ? [float32] : [float64, float32])(
    "losses and gradients are PyTorch's in $dtype",
    async ({ dtype, tolerance }) => {
      for (const { output, difference } of await gradientDifferences(name, dtype))
        expect(difference, output).toBeLessThan(tolerance);
    },
  );
});
