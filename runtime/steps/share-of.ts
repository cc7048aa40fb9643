/** `\\server\share` of a path on one; undefined for a folder on a drive of this machine. Pure. */
export function shareOf(path: string): string | undefined {
  return /^\\\\[^\\/]+[\\/][^\\/]+/.exec(path)?.[0].replaceAll('/', '\\');
}
