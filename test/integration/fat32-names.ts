import { pick, type Random } from '../../builder/demo/random.ts';
import { caseKey } from '../../builder/volumes/shared/names.ts';
import type { VolumeFile } from '../../builder/volumes/volume.ts';

const FOLDERS = ['', 'a', 'LONGFI~1', 'Sources', 'sources extra/ünter/Ordner', 'x.y/z.w', 'many names'];
const LETTERS = [...'abcXYZ019äÖßéñжΩ日本語한😀 _-+,;=[]~!'];
const LARGEST = 9000;

/** Files beside those that are there, some in their place. No two differ in nothing but case. */
export function randomFiles(random: Random, count: number, there: readonly string[]): VolumeFile[] {
  const taken = new Set([...there, ...FOLDERS, 'x.y', 'sources extra', 'sources extra/ünter'].map(caseKey));
  const files = new Map<string, VolumeFile>();
  while (files.size < count) {
    const bytes = random() < 0.1 ? 0 : Math.floor(random() * LARGEST);
    const folder = pick(random, FOLDERS);
    const replaced = random() < 0.1 && there.length > 0;
    const path = replaced ? pick(random, there) : `${folder}${folder === '' ? '' : '/'}${randomName(random)}`;
    if (!replaced && taken.has(caseKey(path))) continue;
    taken.add(caseKey(path));
    files.set(path, { path, bytes });
  }
  return [...files.values()];
}

function randomName(random: Random): string {
  const number = Math.floor(random() * 300);
  const kinds = [
    () => `file${number}.txt`,
    () => `FILE${number}.BIN`,
    () => `File${number}.Txt`,
    () => `long file name number ${number}.text`,
    () => `LONGFI~${number}.TEX`,
    () => `longfi~${number % 20}.tex`,
    () => `.hidden${number}`,
    () => `many.dots.${number}.tar.gz`,
    () => `${number}${'x'.repeat(255 - String(number).length)}`,
    () => `n${Array.from({ length: 1 + (number % 40) }, () => pick(random, LETTERS)).join('')}z`,
    () => `ÄÖ${number}.ÜÜ`,
    () => `${'y'.repeat(13 * (1 + (number % 5)) - 3)}${100 + number}`,
  ];
  return pick(random, kinds)();
}
