import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { fromFile, type ReadonlyMediaTree } from '../../media-tree.ts';
import { graftPoint, writeHybridIso } from '../../tools/xorriso.ts';
import type { BiosImages } from './bios-image.ts';
import type { MediumIdentity } from './identity.ts';

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
  efiImage: string;
  biosImages: BiosImages;
  exec: Exec;
  emit: Emit;
  signal?: AbortSignal;
};

const EL_TORITO_PATH = 'boot/grub/i386-pc/eltorito.img';

/**
 * Writes an ISO that starts under BIOS and UEFI, from a CD or copied onto a stick. Files are read where they lie; only
 * what exists as bytes goes through the workspace. The same tree and identity give the same bytes.
 *
 * Throws `TOOL_MISSING` without xorriso and `TOOL_FAILED` with its last lines.
 */
export async function writeIso(options: IsoOptions): Promise<void> {
  const { tree, workspace, emit, signal } = options;
  const pathList = join(workspace, 'iso-paths');
  const lines = await graftPoints(
    new Map([...tree, [EL_TORITO_PATH, fromFile(options.biosImages.elTorito)]]),
    join(workspace, 'iso-bytes'),
  );
  await writeFile(pathList, lines.map((line) => `${line}\n`).join(''));
  const exec: Exec = (argv, given) => options.exec(argv, { ...(signal !== undefined && { signal }), ...given });
  await writeHybridIso(
    {
      label: options.label,
      time: options.identity.uuid,
      gptGuid: options.identity.gptGuid,
      efiImage: options.efiImage,
      elToritoPath: EL_TORITO_PATH,
      bootSector: options.biosImages.bootSector,
      pathList,
      last: options.last ?? [],
      output: options.output,
    },
    exec,
    (done) => emit({ event: 'progress', title: 'Writing the ISO', done, total: 100, unit: 'percent' }),
  );
}

async function graftPoints(tree: ReadonlyMediaTree, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for (const [path, source] of tree) {
    let file = source.kind === 'file' ? source.path : undefined;
    if (source.kind === 'bytes') {
      file = join(folder, String(lines.length));
      await writeFile(file, source.data);
    }
    if (file !== undefined) lines.push(graftPoint(path, file));
  }
  return lines;
}
