import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Output, wimbootOf } from '../config/schema.ts';
import { replaceFolder } from '../writers/pxe/replace-folder.ts';
import { type PxeTree, writePxeTree } from '../writers/pxe/write-pxe.ts';
import type { StageContext } from './stage.ts';
import { type IsoMedium, writeIsoMedium } from './write-iso-medium.ts';

export type WrittenOutput = { kind: 'iso' | 'pxe'; path: string; bytes: number; sha256: string };

/** An output that is whole, beside its final name. */
export type PlacedOutput = { place: () => Promise<WrittenOutput> };

/** Writes one output into the workspace. Nothing that is there under its final name is touched before `place`. */
export async function writeOutput(
  medium: IsoMedium,
  output: Output,
  path: string,
  context: StageContext,
): Promise<PlacedOutput> {
  if (output.iso !== undefined) {
    const { file, bytes, sha256 } = await writeIsoMedium(medium, context);
    const place = async (): Promise<WrittenOutput> => {
      await rename(file, path);
      return { kind: 'iso', path, bytes, sha256 };
    };
    return { place };
  }
  const folder = join(context.workspace, 'pxe');
  const boot = await pxeBootOf(medium, output, context);
  const { bytes, sha256 } = await writePxeTree(
    { tree: medium.tree, draft: medium.draft, boot, url: output.url },
    folder,
    context,
  );
  const place = async (): Promise<WrittenOutput> => {
    await replaceFolder(folder, path, context.workspace);
    return { kind: 'pxe', path, bytes, sha256 };
  };
  return { place };
}

async function pxeBootOf(medium: IsoMedium, output: Output, context: StageContext): Promise<PxeTree['boot']> {
  const boot = await medium.boot.pxeBoot(context);
  if (boot.kind === 'linux') return { kind: 'linux', environment: boot, networkImage: boot.networkImage };
  return { kind: 'winpe', wimboot: wimbootOf(output) };
}
