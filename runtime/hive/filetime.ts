/** 1 January 1970 in units of 100 ns since 1 January 1601. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** A time as Windows stores it: units of 100 ns since 1 January 1601, UTC. */
export function filetime(date: Date): bigint {
  return BigInt(date.getTime()) * 10_000n + UNIX_EPOCH;
}
