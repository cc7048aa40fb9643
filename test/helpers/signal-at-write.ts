import { open } from 'node:fs/promises';

/**
 * Loaded before a program of ours: at its so manieth write to a block device it gets a signal, while that write is under
 * way. SIGNAL_AT_WRITE names both: "SIGKILL 3".
 */
const [signal = '', count = ''] = process.env.SIGNAL_AT_WRITE?.split(' ') ?? [];
await using handle = await open('/dev/null');
const prototype = Object.getPrototypeOf(handle);
const { write } = prototype;
let left = Number(count);
prototype.write = async function (...given: unknown[]) {
  const isDevice = (await this.stat()).isBlockDevice();
  const writing = write.apply(this, given);
  if (isDevice && left-- === 0) process.kill(process.pid, signal);
  return writing;
};
