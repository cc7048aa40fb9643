import { loadKoffi } from './koffi.ts';

/**
 * Takes an extended attribute from a file, of a link from the link itself (lremovexattr(2)): no program of the boot
 * environment does that. Resolves to 0, or to the kernel's number of the error.
 */
export async function removeAttribute(path: string, name: string): Promise<number> {
  const koffi = await loadKoffi();
  const call = koffi.load('libc.so.6').func('int lremovexattr(const char *path, const char *name)');
  return call(path, name) === 0 ? 0 : koffi.errno();
}
