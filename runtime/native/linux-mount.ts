import { loadKoffi } from './koffi.ts';

/** mount(2): `data` is what the file system itself is told, and is seen by nobody else, as arguments of a program are. */
export type MountCall = (source: string, folder: string, type: string, data: string) => Promise<number>;

/** MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC. */
const FLAGS = 1 | 2 | 4 | 8;

/** Mounts for reading. Resolves to 0, or to the kernel's number of the error. */
export const mountForReading: MountCall = async (source, folder, type, data) => {
  const koffi = await loadKoffi();
  const mount = koffi
    .load('libc.so.6')
    .func('int mount(const char *source, const char *folder, const char *type, unsigned long flags, const char *data)');
  return mount(source, folder, type, FLAGS, data) === 0 ? 0 : koffi.errno();
};
