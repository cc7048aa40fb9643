import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';

/**
 * A folder in the shape of a drive, from which files go into an image. As on the drive, names that differ in case only
 * are one name: a folder has the spelling it comes with first. Everything gets one time in the end, so that the same
 * files give the same image whenever they were copied.
 */
export class StagedTree {
  readonly folder: string;
  /** The spelling of each path by the path in lower case. */
  readonly #spellings = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await writeFile(await this.place(path), content);
  }

  async copy(source: string, path: string): Promise<void> {
    await copyFile(source, await this.place(path), constants.COPYFILE_FICLONE);
  }

  /** Copies what is in a folder to a folder of the tree, '' for its top; links to files become files. */
  async copyFolder(source: string, path: string): Promise<void> {
    for (const entry of (await readdir(source, { withFileTypes: true })).sort(byName)) {
      const from = join(source, entry.name);
      const to = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        await mkdir(this.#folder(to), { recursive: true });
        await this.copyFolder(from, to);
      } else if ((await stat(from)).isFile()) await this.copy(from, to);
      else {
        throw new MediasmithError('SOURCE_INVALID', `${from} is a link to a folder`, {
          where: from,
          hint: 'Put a copy of the folder in its place.',
        });
      }
    }
  }

  /** Where a new file is to lie: a path of this system, in a folder that is there. Throws `SOURCE_INVALID` if one is there. */
  async place(path: string): Promise<string> {
    const slash = path.lastIndexOf('/');
    const folder = this.#folder(path.slice(0, Math.max(slash, 0)));
    const key = path.toLowerCase();
    const other = this.#spellings.get(key);
    if (other !== undefined) {
      throw new MediasmithError('SOURCE_INVALID', `${path} and ${other} are one file to Windows`, {
        where: path,
        hint: 'Give one of them another name.',
      });
    }
    this.#spellings.set(key, path);
    await mkdir(folder, { recursive: true });
    return join(folder, path.slice(slash + 1));
  }

  /** Gives every file and folder one time. Nothing may be added after it. */
  async setTimes(time: Date): Promise<void> {
    for (const path of await readdir(this.folder, { recursive: true }))
      await utimes(join(this.folder, path), time, time);
    await utimes(this.folder, time, time);
  }

  #folder(path: string): string {
    let spelling = '';
    for (const name of path.split('/').filter((part) => part !== '')) {
      const given = spelling === '' ? name : `${spelling}/${name}`;
      const known = this.#spellings.get(given.toLowerCase());
      if (known === undefined) this.#spellings.set(given.toLowerCase(), given);
      spelling = known ?? given;
    }
    return join(this.folder, spelling);
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
