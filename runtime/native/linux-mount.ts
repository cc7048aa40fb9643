import { loadKoffi } from './koffi.ts';

/** mount(2): `data` is what the file system itself is told, and is seen by nobody else, as arguments of a program are. */
export type MountCall = (source: string, folder: string, type: string, data: string) => Promise<number>;

const MS_RDONLY = 1;
/** MS_NOSUID | MS_NODEV | MS_NOEXEC. */
const NOTHING_RUNS = 2 | 4 | 8;

/** Mounts for reading. Resolves to 0, or to the kernel's number of the error. */
export const mountForReading: MountCall = (...call) => mount(call, MS_RDONLY | NOTHING_RUNS);

/** Mounts for reading and writing. Resolves to 0, or to the kernel's number of the error. */
export const mountForWriting: MountCall = (...call) => mount(call, NOTHING_RUNS);

async function mount([source, folder, type, data]: Parameters<MountCall>, flags: number): Promise<number> {
  const koffi = await loadKoffi();
  const call = koffi
    .load('libc.so.6')
    .func('int mount(const char *source, const char *folder, const char *type, unsigned long flags, const char *data)');
  return call(source, folder, type, flags, data) === 0 ? 0 : koffi.errno();
}
