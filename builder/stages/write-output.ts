import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { parseMakersSize } from '../../runtime/contract/size.ts';
import { type Output, type OutputKind, outputKind, wimbootOf } from '../config/schema.ts';
import { discPath } from '../discs/disc-names.ts';
import { placeFile, reachDisk } from '../place-file.ts';
import { replaceFolder } from '../writers/pxe/replace-folder.ts';
import { type PxeTree, writePxeTree } from '../writers/pxe/write-pxe.ts';
import type { MediumToWrite } from './medium-to-write.ts';
import type { StageContext } from './stage.ts';
import { writeDiscs } from './write-disc-set.ts';
import { type WrittenIso, writeIsoMedium } from './write-iso-medium.ts';
import { writePrestaged } from './write-prestaged.ts';
import { type WrittenStickImage, writeStickImage } from './write-stick-image.ts';

/** `disc`: of a set. */
export type WrittenOutput = {
  kind: OutputKind;
  path: string;
  bytes: number;
  sha256: string;
  disc?: number;
};

/** An output that is whole, beside its final name; of a set of discs all of them. */
export type PlacedOutput = { place: () => Promise<WrittenOutput[]> };

/** Writes one output into the workspace. Nothing that is there under its final name is touched before `place`. */
export async function writeOutput(
  medium: MediumToWrite,
  output: Output,
  path: string,
  context: StageContext,
): Promise<PlacedOutput> {
  if (output.iso !== undefined) {
    const { mediaSize } = output;
    if (mediaSize === undefined) return placeDiscs([await writeIsoMedium(medium, context)], path);
    return placeDiscs(await writeDiscs(medium, parseMakersSize(mediaSize), context), path);
  }
  if (output.usb !== undefined) return placeImage(await writeStickImage(medium, output, context), output, path);
  if (output.prestaged !== undefined) return placeImage(await writePrestaged(medium, output, context), output, path);
  const folder = join(context.workspace, 'pxe');
  const boot = await pxeBootOf(medium, output, context);
  const { bytes, sha256 } = await writePxeTree(
    { tree: medium.tree, draft: medium.draft, boot, url: output.url, signer: medium.signer },
    folder,
    context,
  );
  const place = async (): Promise<WrittenOutput[]> => {
    await replaceFolder(folder, path, context.workspace);
    return [{ kind: 'pxe', path, bytes, sha256 }];
  };
  return { place };
}

async function placeImage(
  { file, bytes, sha256 }: WrittenStickImage,
  output: Output,
  path: string,
): Promise<PlacedOutput> {
  await reachDisk(file);
  const place = async (): Promise<WrittenOutput[]> => {
    await placeFile(file, path);
    return [{ kind: outputKind(output), path, bytes, sha256 }];
  };
  return { place };
}

/** The first disc comes last: without it the others are nothing. */
async function placeDiscs(discs: readonly WrittenIso[], path: string): Promise<PlacedOutput> {
  const isSet = discs.length > 1;
  const outputs = discs.map(({ file, bytes, sha256 }, index) => ({
    file,
    written: {
      kind: 'iso' as const,
      path: isSet ? discPath(path, index + 1) : path,
      ...{ bytes, sha256, ...(isSet && { disc: index + 1 }) },
    },
  }));
  for (const { written } of outputs) await refuseFolder(written.path);
  for (const { file } of outputs) await reachDisk(file);
  const place = async (): Promise<WrittenOutput[]> => {
    for (const { file, written } of outputs.toReversed()) await placeFile(file, written.path);
    return outputs.map(({ written }) => written);
  };
  return { place };
}

async function refuseFolder(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() !== true) return;
  const message = `the output ${path} cannot be written: it is a folder`;
  throw new MediasmithError('PROJECT_INVALID', message, { where: path });
}

async function pxeBootOf(medium: MediumToWrite, output: Output, context: StageContext): Promise<PxeTree['boot']> {
  const boot = await medium.boot.pxeBoot(context);
  if (boot.kind === 'linux') return { kind: 'linux', environment: boot, networkImage: boot.networkImage };
  return { kind: 'winpe', wimboot: wimbootOf(output) };
}
