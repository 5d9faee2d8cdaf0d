/** Median, with the spread beside it: these machines are shared, and one number alone says nothing. */
export interface Spread {
  readonly count: number;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = Math.floor(sorted.length / 2);
  return {
    count: sorted.length,
    minimum: at(0),
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    maximum: at(sorted.length - 1),
  };
}

export function show(value: Spread, digits = 1): string {
  return `${value.median.toFixed(digits)} (${value.minimum.toFixed(digits)}–${value.maximum.toFixed(digits)})`;
}

/** The smallest value that this share (0 to 1) of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
