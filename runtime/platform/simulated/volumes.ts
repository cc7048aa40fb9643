import type { VolumeFiles } from '../platform.ts';
import type { Recorder } from './recorder.ts';

/** The files of simulated volumes: what was written is there for later steps, and nothing else. */
export class SimulatedVolumes {
  readonly #files = new Map<string, Buffer>();
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** `root` begins the names: `W:\`. */
  files(root: string): VolumeFiles {
    const nameOf = (path: string) => `${root}${path.replaceAll('/', '\\')}`;
    const keyOf = (path: string) => nameOf(path).toLowerCase();
    const below = (path: string) => [...this.#files.keys()].filter((key) => key.startsWith(`${keyOf(path)}\\`));
    const write = (path: string, content: Buffer) => {
      this.#recorder.write(nameOf(path));
      this.#files.set(keyOf(path), content);
    };
    return {
      read: async (path) => this.#files.get(keyOf(path)),
      write: async (path, content) => write(path, Buffer.from(content as string)),
      copyIn: async (_source, path) => write(path, Buffer.alloc(0)),
      remove: async (path) => {
        for (const key of [keyOf(path), ...below(path)]) this.#files.delete(key);
      },
      makeFolder: async (path) => nameOf(path),
      exists: async (path) => this.#files.has(keyOf(path)) || below(path).length > 0,
      list: async (path) => {
        const start = `${keyOf(path)}\\`.length;
        return [...new Set(below(path).map((key) => key.slice(start).split('\\')[0] ?? ''))];
      },
    };
  }

  /** An empty file system in place of whatever was there. */
  format(root: string): void {
    for (const key of this.#files.keys()) if (key.startsWith(root.toLowerCase())) this.#files.delete(key);
  }
}
