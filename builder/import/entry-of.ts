/** What a table has under a word out of a file, which may be `constructor`: only what stands in the table itself. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
