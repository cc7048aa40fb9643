import type { Argv } from '../../runtime/host/exec.ts';

/** A part of an ISO file, in bytes. */
export type IsoPart = { offset: number; bytes: number };

export type IsoListing = {
  /** By path, without a leading slash. A file over 4 GiB has several parts. */
  files: Map<string, IsoPart[]>;
  startsUnder: ('BIOS' | 'UEFI')[];
  /** Images of El Torito entries for UEFI that are no files, such as an appended EFI system partition. */
  hiddenImages: IsoPart[];
};

const BLOCK_BYTES = 2048;

/** Where each file lies and what firmware starts: one call of xorriso, which reads nothing but tables. */
export function isoListingArgv(iso: string): Argv {
  const find = ['-find', '/', '-type', 'f', '-exec', 'report_lba', '--'];
  return ['xorriso', '-no_rc', '-indev', `stdio:${iso}`, ...find, '-report_el_torito', 'plain'];
}

/** Reads what xorriso prints. */
export function parseIsoListing(text: string): IsoListing {
  const images = [...text.matchAll(/^El Torito boot img : +(\d+) +(BIOS|UEFI) +y( +\S+){3} +(\d+) +(\d+)$/gm)];
  const startsUnder = images.map(([, , platform]) => (platform === 'BIOS' ? 'BIOS' : 'UEFI'));
  const hiddenImages = images.flatMap(([, number, platform, , sectors, block]) => {
    const named = new RegExp(`^El Torito img path : +${number} `, 'm').test(text);
    if (platform !== 'UEFI' || named) return [];
    // The entry's own size counts sectors in 16 bits; xorriso knows the partition behind it.
    const blocks = new RegExp(`^El Torito img blks : +${number} +(\\d+)$`, 'm').exec(text)?.[1];
    const bytes = blocks === undefined ? Number(sectors) * 512 : Number(blocks) * BLOCK_BYTES;
    return [{ offset: Number(block) * BLOCK_BYTES, bytes }];
  });
  return { files: parseParts(text), startsUnder, hiddenImages };
}

/** `File data lba:  0 ,  301 ,  2 ,  3071 , '/a'`: part, block, blocks, bytes of the whole file, path as a shell quotes it. */
function parseParts(text: string): IsoListing['files'] {
  const files: IsoListing['files'] = new Map();
  for (const [, block, blocks, size, quoted] of text.matchAll(
    /^File data lba:\s*\d+\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*'\/(.*)'$/gm,
  )) {
    const path = String(quoted).replaceAll(`'"'"'`, `'`);
    const parts = files.get(path) ?? [];
    const before = parts.reduce((sum, part) => sum + part.bytes, 0);
    const bytes = Math.min(Number(blocks) * BLOCK_BYTES, Number(size) - before);
    files.set(path, [...parts, { offset: Number(block) * BLOCK_BYTES, bytes }]);
  }
  return files;
}
