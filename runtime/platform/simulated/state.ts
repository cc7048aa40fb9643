import type { StateStore } from '../platform.ts';
import type { Recorder } from './recorder.ts';

/**
 * Where the journal of a run would lie: in a folder. The one of a simulation lives in memory, because restarts are only
 * played.
 */
export function simulatedState(
  recorder: Pick<Recorder, 'write'>,
  folder: string,
  close: () => Promise<void> = async () => undefined,
): StateStore {
  const separator = folder.startsWith('/') ? '/' : '\\';
  return {
    place: folder,
    read: async () => Buffer.alloc(0),
    append: async () => undefined,
    replace: async () => recorder.write(`${folder}${separator}journal`),
    remove: async () => recorder.write(`${folder}: is removed`),
    close,
  };
}
