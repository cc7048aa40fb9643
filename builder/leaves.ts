import { relative, sep } from 'node:path';

/** Whether an absolute path lies outside a folder. A name that merely begins with two dots does not. */
export function leaves(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`);
}
