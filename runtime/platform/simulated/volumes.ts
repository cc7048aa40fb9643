import type { VolumeFiles } from '../platform.ts';
import type { Recorder } from './recorder.ts';

/** `content`: undefined for a folder. */
type Thing = { name: string; content: Buffer | undefined };

/** The files of simulated volumes: what was written is there for later steps, and nothing else. */
export class SimulatedVolumes {
  /** By full path, in lower case. */
  readonly #things = new Map<string, Thing>();
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** `root` begins the names, and says how they are written: `W:\`, `/tmp/volume-sda3/`. */
  files(root: string): VolumeFiles {
    const separator = separatorOf(root);
    const nameOf = (path: string) => `${root}${path.replaceAll('/', separator)}`;
    const write = (path: string, content: Buffer) => {
      this.#recorder.write(nameOf(path));
      this.#put(nameOf(path), content);
    };
    return {
      read: async (path) => this.#things.get(nameOf(path).toLowerCase())?.content,
      write: async (path, content) => write(path, Buffer.from(content as string)),
      copyIn: async (_source, path) => write(path, Buffer.alloc(0)),
      remove: async (path) => {
        const name = nameOf(path);
        if (!this.#exists(name)) return;
        this.#recorder.write(`${name}: is removed`);
        for (const key of [name.toLowerCase(), ...this.#below(name).keys()]) this.#things.delete(key);
      },
      makeFolder: async (path) => {
        const name = nameOf(path);
        if (!this.#exists(name)) {
          this.#recorder.write(`${name}${separator}`);
          this.#put(name, undefined);
        }
        return name;
      },
      exists: async (path) => this.#exists(nameOf(path)),
      list: async (path) => {
        const start = `${nameOf(path)}${separator}`.length;
        return [
          ...new Set([...this.#below(nameOf(path)).values()].map(({ name }) => name.slice(start).split(separator)[0])),
        ].filter((name) => name !== undefined);
      },
    };
  }

  /** A file in a folder, by its path, that something else has put there. */
  place(folder: string, name: string): void {
    this.#put(`${folder}${separatorOf(folder)}${name}`, Buffer.alloc(0));
  }

  /** An empty file system in place of whatever was there. */
  format(root: string): void {
    for (const key of this.#things.keys()) if (key.startsWith(root.toLowerCase())) this.#things.delete(key);
  }

  #put(name: string, content: Buffer | undefined): void {
    this.#things.set(name.toLowerCase(), { name, content });
  }

  #exists(name: string): boolean {
    return this.#things.has(name.toLowerCase()) || this.#below(name).size > 0;
  }

  #below(name: string): Map<string, Thing> {
    const start = `${name.toLowerCase()}${separatorOf(name)}`;
    return new Map([...this.#things].filter(([key]) => key.startsWith(start)));
  }
}

function separatorOf(path: string): '/' | '\\' {
  return path.startsWith('/') ? '/' : '\\';
}
