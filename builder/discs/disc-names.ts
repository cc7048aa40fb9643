/** `medium.iso` as the second of a set is `medium-2.iso`. */
export function discPath(iso: string, disc: number): string {
  return iso.replace(/\.iso$/i, (extension) => `-${disc}${extension}`);
}

/** Whether a path is one that a disc of this set may be written to. */
export function isDiscPath(path: string, iso: string): boolean {
  const [, stem, number, extension] = /^(.*)-([1-9]\d*)(\.iso)$/i.exec(path) ?? [];
  return number !== undefined && `${stem}${extension}` === iso;
}
