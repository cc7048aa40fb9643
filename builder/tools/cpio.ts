import { chmod, lutimes, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** One entry of an initramfs. Everything in it belongs to root; folders above an entry need not be given. */
export type CpioEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; executable?: boolean; data: Uint8Array };

/** Every time in the archive: one fixed moment, so that the same content gives the same bytes. */
const ENTRY_TIME = new Date(Date.UTC(2026, 0, 1));

/**
 * A cpio archive as the kernel unpacks it. Entries are sorted by path; `last` comes after all of them. `workspace` is an
 * existing folder, empty again afterwards.
 */
export async function cpioArchive(
  options: { entries: readonly CpioEntry[]; last?: CpioEntry; workspace: string },
  exec: Exec,
): Promise<Buffer> {
  const { last, workspace } = options;
  const entries = withFolders(last === undefined ? options.entries : [...options.entries, last]);
  const folder = join(workspace, 'tree');
  const archive = join(workspace, 'archive.cpio');
  await mkdir(folder);
  for (const entry of entries) await lay(folder, entry);
  // Backwards: whatever is laid into a folder changes the folder's time.
  for (const { path } of entries.toReversed()) await lutimes(join(folder, path), ENTRY_TIME, ENTRY_TIME);
  const paths = entries.map(({ path }) => path).filter((path) => path !== last?.path);
  const order = last === undefined ? paths : [...paths, last.path];
  await exec(cpioArgv(folder, archive), { input: order.map((path) => `${path}\0`).join('') });
  const data = await readFile(archive);
  await Promise.all([folder, archive].map((path) => rm(path, { recursive: true })));
  return data;
}

/** `newc` is the kernel's format; `--reproducible` leaves the numbers of devices and inodes of this machine out. */
export function cpioArgv(folder: string, archive: string): Argv {
  return [
    'cpio',
    ...['--create', '--format=newc', '--null', '--reproducible', '--owner=0:0', '--quiet'],
    ...['--directory', folder],
    ...['-O', archive],
  ];
}

/** Sorted, each with the folders above it, so that a folder stands before what it holds. */
function withFolders(entries: readonly CpioEntry[]): CpioEntry[] {
  const byPath = new Map<string, CpioEntry>();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== '.'; path = dirname(path)) {
      if (!byPath.has(path)) byPath.set(path, { kind: 'folder', path });
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function lay(folder: string, entry: CpioEntry): Promise<void> {
  const path = join(folder, entry.path);
  if (entry.kind === 'link') return symlink(entry.target, path);
  if (entry.kind === 'folder') await mkdir(path);
  else await writeFile(path, entry.data);
  const executable = entry.kind === 'folder' || entry.executable === true;
  await chmod(path, executable ? 0o755 : 0o644);
}
