import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { IsoBoot } from '../../boot/boot-environment.ts';
import type { MediumIdentity } from '../../iso-identity.ts';
import type { ReadonlyMediaTree } from '../../media-tree.ts';
import { together } from '../../together.ts';
import { graftPoint, writeBootableIso } from '../../tools/xorriso.ts';
import { namedPipe } from './named-pipe.ts';
import { storeImage } from './store-image.ts';
import type { StreamDigest } from './stream-digest.ts';

export type IsoOptions = {
  tree: ReadonlyMediaTree;
  /** Paths whose content comes behind all other content. */
  last?: readonly string[];
  /** At most 32 characters; upper-case letters, digits and `_` are what every reader understands. */
  label: string;
  /** Written in place: the caller gives it its final name when all is well. */
  output: string;
  /** An existing folder for intermediate files. */
  workspace: string;
  identity: MediumIdentity;
  boot: IsoBoot;
  digest: StreamDigest;
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
};

/**
 * Writes an ISO that starts as `boot` says. Files are read where they lie; only
 * what exists as bytes goes through the workspace. The same tree and identity give the same bytes.
 *
 * Throws `TOOL_MISSING` without xorriso, `TOOL_FAILED` with its last lines, `NO_SPACE` when the disk becomes full.
 */
export async function writeIso(options: IsoOptions): Promise<void> {
  const { tree, workspace, emit, signal } = options;
  const pathList = join(workspace, 'iso-paths');
  const lines = await graftPoints(new Map([...tree, ...options.boot.files]), join(workspace, 'iso-bytes'));
  await writeFile(pathList, lines.map((line) => `${line}\n`).join(''));
  await using pipe = await namedPipe(options.exec);
  const iso = {
    label: options.label,
    time: options.identity.uuid,
    boot: options.boot.argv,
    pathList,
    last: options.last ?? [],
    output: pipe.path,
  };
  const onPercent = (done: number): void =>
    emit({ event: 'progress', title: 'Writing the ISO', done, total: 100, unit: 'percent' });
  await together(signal, (within) => {
    const exec: Exec = (argv, given) => options.exec(argv, { signal: within, ...given });
    return [
      writeBootableIso(iso, exec, onPercent).finally(() => pipe.release()),
      storeImage(pipe, options.output, options.digest, within),
    ];
  });
}

async function graftPoints(tree: ReadonlyMediaTree, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for (const [path, source] of tree) {
    // xorriso would put a link onto the medium as a link.
    let file = source.kind === 'file' ? await realpath(source.path).catch(() => source.path) : undefined;
    if (source.kind === 'bytes') {
      file = join(folder, String(lines.length));
      await writeFile(file, source.data);
    }
    if (file !== undefined) lines.push(graftPoint(path, file));
  }
  return lines;
}
