const RUNS = 3;
/** Below this the clock says more of the computer than of the work. */
const LEAST_MILLISECONDS = 2;

const ATTEMPTS = 3;

/**
 * How many times as much processor time work takes for four times as much: about 4 where it grows with its size, 16 with the
 * square. Only this thread's time counts, of a few runs the quickest, and of a few such quotients the least: what else the
 * computer does makes a quotient larger, and no square ever looks linear by it.
 */
export function growth(work: (size: number) => void, size: number): number {
  work(size);
  const quotients = Array.from({ length: ATTEMPTS }, () => quickest(() => work(4 * size)) / quickest(() => work(size)));
  return Math.min(...quotients);
}

/** Between 4 and 16, with room on both sides. */
export const LINEAR = 10;

function quickest(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.max(LEAST_MILLISECONDS, Math.min(...times));
}
