import { loadKoffi } from './koffi.ts';

/** Of Linux' fcntl.h. */
const F_SETPIPE_SZ = 1031;

/**
 * Gives a pipe room for at least so many bytes (fcntl(2)). Resolves to the room it has, or to -1 where the kernel refuses:
 * the pipe stays as it was.
 */
export async function widenPipe(fd: number, bytes: number): Promise<number> {
  const koffi = await loadKoffi();
  return koffi.load('libc.so.6').func('int fcntl(int fd, int command, ...)')(fd, F_SETPIPE_SZ, 'int', bytes);
}
