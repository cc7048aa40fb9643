import { mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../runtime/host/exec.ts';

export const MEBIBYTE = 1024 * 1024;

/** Fixed times, a long and a short file, one file twice, a symbolic link, a name beyond ASCII. */
export async function makeDrivers(target: string): Promise<void> {
  await mkdir(join(target, 'net'), { recursive: true });
  await writeFile(join(target, 'net', 'e1d.inf'), '[Version]\r\nClass=Net');
  await writeFile(join(target, 'net', 'e1d.sys'), noise(MEBIBYTE));
  await writeFile(join(target, 'net', 'same.sys'), noise(MEBIBYTE));
  await symlink('e1d.sys', join(target, 'net', 'link.sys'));
  await writeFile(join(target, 'leer ü 日本.txt'), '');
  for (const path of ['net/e1d.inf', 'net/e1d.sys', 'net/same.sys', 'leer ü 日本.txt', 'net', '']) {
    await utimes(join(target, path), 1_700_000_000.25, 1_600_000_000.75);
  }
}

/** Bytes that do not compress and are the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}

/** An empty NTFS file system in a file. */
export async function makeNtfs(path: string, mebibytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, mebibytes * MEBIBYTE);
  await exec(['mkntfs', '-F', '-Q', '-q', path]);
}

/** All that an image says of its files, without where and how their data lies in the WIM. */
export async function filesOf(path: string): Promise<string> {
  const { stdout } = await exec(['wimlib-imagex', 'dir', '--detailed', path, '1']);
  const ofStorage = /^(?:Compressed size|Offset in WIM|Flags|Link Group ID|Raw) /;
  return stdout
    .split('\n')
    .filter((line) => !ofStorage.test(line))
    .join('\n');
}
