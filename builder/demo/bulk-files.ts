import { words } from './filler.ts';
import type { FillerKind, ImageEntry, SecurityKind } from './image-entry.ts';
import { pick, type Random, seededRandom } from './random.ts';

/** Part of the tree that is filled by number. `share` is its part of the names. */
type Area = {
  folder: string;
  share: number;
  endings: readonly string[];
  security: SecurityKind;
  /** Each file has a second name in WinSxS, as nearly all of Windows has. */
  inComponentStore?: boolean;
  /** What names begin with, in turn, where made-up words are not enough. */
  stems?: readonly string[];
};

const UNICODE_STEMS = ['Größenübersicht ', 'Příručka ', 'Документ ', '説明書 ', 'Brochure d’été '];

const AREAS: readonly Area[] = [
  {
    folder: 'Windows/System32',
    share: 0.34,
    endings: ['.dll', '.dll', '.dll', '.exe', '.mui', '.xml'],
    security: 'trusted-installer',
    inComponentStore: true,
  },
  {
    folder: 'Windows/System32/drivers',
    share: 0.06,
    endings: ['.sys'],
    security: 'trusted-installer',
    inComponentStore: true,
  },
  {
    folder: 'Windows/System32/DriverStore/FileRepository/standin.inf_amd64_0123456789abcdef',
    share: 0.05,
    endings: ['.sys', '.inf', '.cat'],
    security: 'trusted-installer',
  },
  {
    folder: 'Windows/SysWOW64',
    share: 0.16,
    endings: ['.dll', '.exe'],
    security: 'trusted-installer',
    inComponentStore: true,
  },
  { folder: 'Windows/INF', share: 0.08, endings: ['.inf', '.pnf'], security: 'system' },
  { folder: 'Windows/Fonts', share: 0.02, endings: ['.ttf'], security: 'trusted-installer' },
  { folder: 'Windows/Web/Wallpaper', share: 0.01, endings: ['.jpg'], security: 'trusted-installer' },
  { folder: 'Windows/servicing/Packages', share: 0.06, endings: ['.mum', '.cat'], security: 'trusted-installer' },
  {
    folder: 'Program Files/Stand-in Applications',
    share: 0.1,
    endings: ['.dll', '.exe', '.txt'],
    security: 'trusted-installer',
  },
  { folder: 'Program Files (x86)/Common Files', share: 0.05, endings: ['.dll', '.xml'], security: 'trusted-installer' },
  { folder: 'ProgramData/Stand-in', share: 0.03, endings: ['.xml', '.txt'], security: 'users' },
  { folder: 'Users/Public/Documents', share: 0.04, endings: ['.txt', '.jpg'], security: 'users', stems: UNICODE_STEMS },
];

const KINDS: Record<string, FillerKind> = {
  '.dll': 'library',
  '.exe': 'program',
  '.sys': 'driver',
  '.jpg': 'noise',
  '.ttf': 'noise',
};

/** So many names (a file in the component store has two) with so many bytes between them. */
export function bulkFiles(names: number, bytes: number, seed: number): ImageEntry[] {
  const random = seededRandom(seed);
  const files = AREAS.flatMap((area) => areaFiles(area, Math.round(area.share * names), random));
  const weights = files.map((file) => (file.kind === 'file' ? relativeSize(random) : 0));
  const scale = bytes / weights.reduce((sum, weight) => sum + weight, 0);
  return files.map((file, index) => withSize(file, Math.round((weights[index] ?? 0) * scale)));
}

function areaFiles(area: Area, names: number, random: Random): ImageEntry[] {
  const count = area.inComponentStore === true ? Math.floor(names / 2) : names;
  const stems = words(count, random);
  return stems.flatMap((word, index) => {
    const ending = pick(random, area.endings);
    const stem = area.stems?.[index % area.stems.length] ?? word;
    const name = `${stem}${index}${ending}`;
    const file: ImageEntry = {
      kind: 'file',
      path: `${area.folder}/${name}`,
      content: { from: 'filler', filler: KINDS[ending] ?? 'text', size: 0, seed: Math.floor(random() * 2 ** 31) },
      security: area.security,
    };
    if (area.inComponentStore !== true) return [file];
    const component = `Windows/WinSxS/amd64_standin-${word}${index}_${folderTag(area.folder)}`;
    const link: ImageEntry = {
      kind: 'hard-link',
      path: `${component}/${name}`,
      target: file.path,
      security: area.security,
    };
    return [file, link];
  });
}

function folderTag(folder: string): string {
  return folder.toLowerCase().replaceAll('/', '-');
}

/** Many small files and a few large ones. */
function relativeSize(random: Random): number {
  return 2 ** (10 * random()) + 3;
}

function withSize(file: ImageEntry, size: number): ImageEntry {
  if (file.kind !== 'file' || file.content.from !== 'filler') return file;
  return { ...file, content: { ...file.content, size } };
}
