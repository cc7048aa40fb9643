import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Emit } from '../../../runtime/contract/events.ts';
import { KEY_INITRD_PATH, KEYBOARD_INITRD_PATH } from '../../../runtime/contract/linux-start.ts';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { hashBytes } from '../../hash.ts';
import { finishedFiles, type ManifestDraft } from '../../manifest-draft.ts';
import type { ReadonlyMediaTree } from '../../media-tree.ts';
import type { Signer } from '../../signing/signer.ts';
import type { SourceMemory } from '../../source-memory.ts';
import { copyTree } from './copy-tree.ts';
import { type LinuxPxe, linuxPxeFiles } from './linux-files.ts';
import type { PxeFiles } from './pxe-files.ts';
import { type WinpePxe, winpePxeFiles } from './winpe-files.ts';

export type PxeTree = {
  /** The medium's own files, as every writer gets them. */
  tree: ReadonlyMediaTree;
  /** The manifest over `tree`; what the network needs besides is added to it. */
  draft: ManifestDraft;
  boot: LinuxPxe | WinpePxe;
  /** The address of the folder on the web server; the top of the server the boot files come from unless given. */
  url?: string | undefined;
  /** Who vouches for the manifest. */
  signer?: Signer | undefined;
};

export type PxeContext = {
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
  memory: SourceMemory;
  /** An existing folder for intermediate files. */
  workspace: string;
};

/** `sha256` is the manifest's, which vouches for every file it lists. */
export type WrittenPxe = { folder: string; files: number; bytes: number; sha256: string };

const FOLDER_MODE = 0o755;

/**
 * Writes a medium as a folder for a TFTP and a web server. `folder` must not be there: whoever calls gives it its final
 * name when all is well. Throws `PROJECT_INVALID` for an address or a hash that is none, `SOURCE_INVALID` for another
 * wimboot, `MEDIUM_INVALID` without the files Windows PE starts from, `SOURCE_CHANGED`; all but the last before anything
 * is written.
 */
export async function writePxeTree(pxe: PxeTree, folder: string, context: PxeContext): Promise<WrittenPxe> {
  const { emit, memory, signal, workspace } = context;
  const { listed, open } = await networkFiles(pxe, context);
  const tree = new Map([...pxe.tree, ...listed].sort(([a], [b]) => (a < b ? -1 : 1)));
  const draft = { ...pxe.draft, files: await sizes(tree) };
  const total = draft.files.reduce((sum, { bytes }) => sum + bytes, 0);
  await mkdir(folder);
  const hashes = await copyTree(tree, folder, {
    memory,
    signal,
    scratch: workspace,
    onBytes: (done) => emit({ event: 'progress', title: 'Writing the PXE tree', done, total, unit: 'bytes' }),
  });
  const manifest = finishedFiles(draft, hashes, pxe.signer);
  const texts = await copyTree(open, folder, { memory, signal, scratch: workspace, onBytes: () => undefined });
  for (const [path, data] of manifest) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
  }
  await openForReading(folder);
  return {
    folder,
    files: tree.size + texts.size + manifest.size,
    bytes: total,
    sha256: hashBytes(manifest.get(MEDIUM_PATHS.manifest) ?? Buffer.alloc(0)),
  };
}

function networkFiles({ boot, tree, draft, url }: PxeTree, { exec, workspace }: PxeContext): Promise<PxeFiles> {
  if (boot.kind === 'linux') {
    const own = { signed: tree.has(KEY_INITRD_PATH), keyboard: tree.has(KEYBOARD_INITRD_PATH) };
    return linuxPxeFiles(boot, draft, { url, workspace, exec, own });
  }
  return winpePxeFiles(boot, tree, draft, { url });
}

async function sizes(tree: ReadonlyMediaTree): Promise<ManifestDraft['files']> {
  return Promise.all(
    [...tree].map(async ([path, source]) => ({
      path,
      bytes: source.kind === 'bytes' ? source.data.length : (await stat(source.path)).size,
    })),
  );
}

/** Whatever the mask of the one who builds: the servers run as other users. */
async function openForReading(folder: string): Promise<void> {
  await chmod(folder, FOLDER_MODE);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? FOLDER_MODE : 0o644);
  }
}
