import { access, lstat } from 'node:fs/promises';

/** Whether a path leads to something, wherever a link goes. False as well where nobody may look. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether a name is taken: a link to nothing takes it too. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
