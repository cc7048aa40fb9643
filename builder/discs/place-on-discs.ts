import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';

export type FileToPlace = { path: string; bytes: number };
export type Disc = { files: FileToPlace[]; bytes: number };

/** Tables, padding, and the boot images of the disc that the machine starts from. */
const FIRST_DISC_BYTES = 16 * 1024 ** 2;
const LATER_DISC_BYTES = 2 * 1024 ** 2;
/** Directory records of a file in three trees: ISO 9660, Rock Ridge, Joliet. */
const RECORD_BYTES = 2048;
const SECTOR_BYTES = 2048;
/** Packages, in one file or in parts. */
const CONTENT = /^mediasmith\/content\d*\.(wim|swm)$/;
const UPGRADE = `${MEDIUM_PATHS.upgrade}/`;

/**
 * Which disc gets which file, first fit in the order given: one disc where all fits, else a set whose first has
 * everything that is read before content is asked for. Upgrade packages stay together where one disc can hold them.
 * `everywhere`: bytes of what is on every disc. Pure.
 *
 * Throws `FILE_TOO_LARGE` for what no disc can hold.
 */
export function placeOnDiscs(files: readonly FileToPlace[], discBytes: number, everywhere: number): Disc[] {
  const first: Disc = { files: [], bytes: FIRST_DISC_BYTES + everywhere };
  const fixed = files.filter(({ path }) => !isContent(path));
  for (const file of fixed) put(file, first);
  if (first.bytes > discBytes) throw tooMuchOnTheFirst(fixed, discBytes);
  const discs = [first];
  const empty = (): Disc => ({ files: [], bytes: LATER_DISC_BYTES + everywhere });
  for (const together of unitsOf(files, discBytes - empty().bytes)) {
    const bytes = sum(together.map(bytesOnDisc));
    if (bytes > discBytes - empty().bytes) throw tooLarge(together, discBytes);
    let disc = discs.find((candidate) => candidate.bytes + bytes <= discBytes);
    if (disc === undefined) {
      disc = empty();
      discs.push(disc);
    }
    for (const file of together) put(file, disc);
  }
  return discs;
}

/** How large the parts of an image may be that must be divided: two of them go onto a disc, with room for its tables. */
export function discPartBytes(discBytes: number): number {
  return Math.max(1, Math.floor((discBytes - LATER_DISC_BYTES) * 0.48));
}

/** The largest image that stays in one piece. */
export function discFileBytes(discBytes: number): number {
  return discBytes - 2 * LATER_DISC_BYTES;
}

/** What a run reads from the medium when it has begun, and not before. */
function isContent(path: string): boolean {
  return CONTENT.test(path) || path.startsWith(`${MEDIUM_PATHS.images}/`) || path.startsWith(UPGRADE);
}

/** Files that go onto one disc together, those of a package that no disc holds one by one. */
function unitsOf(files: readonly FileToPlace[], room: number): FileToPlace[][] {
  const content = files.filter(({ path }) => isContent(path));
  const groups = Map.groupBy(content, ({ path }) =>
    path.startsWith(UPGRADE) ? path.slice(0, path.indexOf('/', UPGRADE.length)) : path,
  );
  return [...groups.values()].flatMap((group) =>
    sum(group.map(bytesOnDisc)) <= room ? [group] : group.map((file) => [file]),
  );
}

function put(file: FileToPlace, disc: Disc): void {
  disc.files.push(file);
  disc.bytes += bytesOnDisc(file);
}

function bytesOnDisc({ bytes }: FileToPlace): number {
  return Math.ceil(bytes / SECTOR_BYTES) * SECTOR_BYTES + RECORD_BYTES;
}

function tooLarge(files: readonly FileToPlace[], discBytes: number): MediasmithError {
  const [{ path, bytes } = { path: '', bytes: 0 }] = files;
  const message = `${path} has ${formatBytes(bytes)} and cannot be divided: a disc of ${discBytes / 1e9} GB does not hold it`;
  return new MediasmithError('FILE_TOO_LARGE', message, {
    where: path,
    lines: [`${path}: ${bytes} bytes`, `a disc: ${discBytes} bytes, of which tables need some`],
    hint: 'Give a larger mediaSize, or write a stick (output usb).',
  });
}

function tooMuchOnTheFirst(files: readonly FileToPlace[], discBytes: number): MediasmithError {
  const bytes = sum(files.map(bytesOnDisc)) + FIRST_DISC_BYTES;
  const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  const message = `what the machine starts from needs ${formatBytes(bytes)}: a disc of ${discBytes / 1e9} GB does not hold it`;
  return new MediasmithError('FILE_TOO_LARGE', message, {
    lines: largest.map((file) => `${file.path}: ${formatBytes(file.bytes)}`),
    hint: 'Give a larger mediaSize: all of this must lie on the first disc.',
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
