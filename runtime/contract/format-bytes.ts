const UNITS: readonly [name: string, bytes: number][] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
];

/** Bytes as a person reads them, in powers of 1024: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const unit = UNITS.find(([, size]) => bytes >= size);
  if (unit === undefined) return `${Math.round(bytes)} B`;
  const amount = bytes / unit[1];
  return `${amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${unit[0]}`;
}
