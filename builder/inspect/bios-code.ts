import { open } from 'node:fs/promises';
import { type Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { type BiosCode, CODE_BYTES, placedBios } from '../stick/bios-code.ts';
import type { MediumFiles } from './medium-files.ts';

/** What a medium has to start sticks by in a BIOS; undefined where it has not. */
export async function biosCode(medium: MediumFiles): Promise<BiosCode | undefined> {
  const [bootSector, core] = [MEDIUM_PATHS.biosBootSector, MEDIUM_PATHS.biosCore].map((name) => medium.find(name));
  if (bootSector === undefined || core === undefined) return undefined;
  return { bootSector: await medium.read(bootSector.path), core: await medium.read(core.path) };
}

/**
 * What a BIOS starts lies outside of all files, so the manifest cannot vouch for it: it must be what the files say. A
 * prestaged GPT disk starts by UEFI, and its first sector is that of whoever has laid it out.
 */
export async function judgeBiosCode(
  medium: MediumFiles,
  { prestaged }: Pick<Manifest, 'prestaged'>,
): Promise<{ path: string; reason: string }[]> {
  const bios = medium.stick === undefined ? undefined : await biosCode(medium);
  if (medium.stick === undefined || bios === undefined) return [];
  const { code, core } = placedBios(bios, medium.stick.partitionTable);
  await using file = await open(medium.path, 'r');
  const isThere = async (offset: number, wanted: Buffer): Promise<boolean> => {
    const { buffer } = await file.read(Buffer.alloc(wanted.length), 0, wanted.length, offset);
    return buffer.equals(wanted);
  };
  const bad: { path: string; reason: string }[] = [];
  const isOurs = await isThere(0, code.subarray(0, CODE_BYTES));
  if (!isOurs && prestaged === true && medium.stick.partitionTable === 'gpt') return [];
  if (!isOurs)
    bad.push({ path: 'first sector of the stick', reason: `its code is not that of ${MEDIUM_PATHS.biosBootSector}` });
  if (!(await isThere(core.offset, core.data)))
    bad.push({ path: 'gap before the first volume', reason: `its code is not that of ${MEDIUM_PATHS.biosCore}` });
  return bad;
}
