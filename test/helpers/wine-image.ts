import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const MIB = 1024 ** 2;

/** A real WIM of about 2.5 MB in parts of 1 MB, by the path each part has on a medium: `<name>.swm`, `<name>2.swm`... */
export async function splitImage(name: string): Promise<Record<string, Uint8Array>> {
  const folder = await temporaryFolder();
  const parts = join(folder, 'parts');
  await mkdir(parts);
  for (const file of ['a', 'b', 'c']) await writeFiles(folder, { [`content/${file}`]: randomBytes((MIB * 5) / 6) });
  await exec(['wimlib-imagex', 'capture', join(folder, 'content'), join(folder, 'whole.wim'), 'Windows']);
  await exec(['wimlib-imagex', 'split', join(folder, 'whole.wim'), join(parts, `${name}.swm`), '1']);
  const names = (await readdir(parts)).sort();
  const files = names.map(async (part) => [`mediasmith/images/${part}`, await readFile(join(parts, part))] as const);
  return Object.fromEntries(await Promise.all(files));
}
