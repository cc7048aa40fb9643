import { decodeOem } from './oem-text.ts';

const LABEL_BYTES = 11;
const NO_NAME = 'NO NAME    ';

/** A label as FAT holds it: capitals of ASCII, "_" for what it cannot hold. None for an empty one. */
export function labelBytes(label: string): Buffer | undefined {
  const text = label
    .trim()
    .toUpperCase()
    .replace(/[^ !#$%&'()\-0-9@A-Z^_`{}~]/g, '_')
    .slice(0, LABEL_BYTES);
  return text === '' ? undefined : Buffer.from(text.padEnd(LABEL_BYTES), 'latin1');
}

export function readLabel(bytes: Buffer): string {
  const text = decodeOem(bytes);
  return text === NO_NAME ? '' : text.trimEnd();
}
