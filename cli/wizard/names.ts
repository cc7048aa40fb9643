import { Name } from '../../builder/config/content-schema.ts';

/** A name for sequences out of what a thing is called: `Windows 11 Pro` is `windows-11-pro`; another than any of `taken`. */
export function nameFrom(text: string, taken: readonly string[], otherwise: string): string {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 48);
  const name = Name.safeParse(letters).success ? letters : otherwise;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** A volume label out of a name, as far as FAT shows it: `Branch office` is `BRANCH_OFFI`. */
export function labelFrom(name: string): string {
  const label = name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .slice(0, 11)
    .replace(/^_+|_+$/g, '');
  return label === '' ? 'MEDIASMITH' : label;
}
