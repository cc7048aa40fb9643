const RUNS = 3;
/** Below this a clock says more of the computer than of the work. */
const LEAST_MILLISECONDS = 2;

/**
 * How many times longer work takes for four times as much: about 4 where it grows with its size, 16 with the square. Of a
 * few runs the quickest counts, so that what else the computer does matters little.
 */
export function growth(work: (size: number) => void, size: number): number {
  work(size);
  return quickest(() => work(4 * size)) / quickest(() => work(size));
}

/** Between 4 and 16, with room on both sides. */
export const LINEAR = 10;

function quickest(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.max(LEAST_MILLISECONDS, Math.min(...times));
}
