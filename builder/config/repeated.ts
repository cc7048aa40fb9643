/** Entries that stand in a list a second time, with their index. */
export function repeated(names: readonly string[]): [index: number, name: string][] {
  const first = new Map<string, number>();
  for (const [index, name] of names.entries()) if (!first.has(name)) first.set(name, index);
  return [...names.entries()].filter(([index, name]) => first.get(name) !== index);
}
