import { type ErrorCode, isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec, ExecResult } from '../../runtime/host/exec.ts';

/** A file of an archive. The path has forward slashes and no leading one; sizes are in bytes, unpacked. */
export type ArchiveFile = { path: string; bytes: number; modified?: Date };

/** `format` is 7-Zip's word, such as `Iso` or `Udf`; it is left out where one archive lies in another. */
export type Archive = { format?: string; files: ArchiveFile[] };

/** What is in an archive or a disc image that 7-Zip reads. `SOURCE_INVALID` for anything else, damaged or encrypted. */
export async function listArchive(archive: string, exec: Exec, signal?: AbortSignal): Promise<Archive> {
  const { stdout } = await run(listArgv(archive), archive, exec, signal);
  return parseListing(stdout);
}

/** Unpacks files of an archive into a folder, with the folders they lie in; all of them without `paths`. */
export async function extractFromArchive(
  { archive, paths, folder }: { archive: string; paths?: readonly string[]; folder: string },
  exec: Exec,
  signal?: AbortSignal,
): Promise<void> {
  // As many as a command line surely takes.
  for (let first = 0; first === 0 || first < (paths?.length ?? 0); first += MOST_PATHS)
    await run(extractArgv(archive, paths?.slice(first, first + MOST_PATHS) ?? [], folder), archive, exec, signal);
}

/** Everything behind the program's name. */
export type SevenZipArgv = readonly string[];

const MOST_PATHS = 500;

/** No question is ever asked: an empty password is given to what wants one, and everything is answered with yes. */
const SILENT = ['-sccUTF-8', '-bd', '-bsp0', '-spd', '-p', '-y'];

export function listArgv(archive: string): SevenZipArgv {
  return ['l', '-slt', ...SILENT, '--', archive];
}

export function extractArgv(archive: string, paths: readonly string[], folder: string): SevenZipArgv {
  return ['x', '-bso0', ...SILENT, `-o${folder}`, '--', archive, ...paths];
}

/** Of the archive, and after a line of its own of its files: records of `Name = value` lines. */
export function parseListing(text: string): Archive {
  const [head = '', ...rest] = text.split(/^-{10}\r?\n/m);
  const [format, ...inner] = [...head.matchAll(/^Type = (.*)$/gm)].map(([, name]) => name);
  return { ...(format !== undefined && inner.length === 0 && { format }), files: parseFiles(rest.join('')) };
}

/** A folder says so, and where a format knows no folders it says nothing. */
function parseFiles(text: string): ArchiveFile[] {
  return text.split(/\r?\n\r?\n/).flatMap((record) => {
    const field = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(record)?.[1];
    const path = field('Path');
    const folder = field('Folder') === '+' || /^D/.test(field('Attributes') ?? '');
    if (path === undefined || folder) return [];
    const modified = parseTime(field('Modified'));
    const bytes = Number(field('Size') || 0);
    return [{ path: path.replaceAll('\\', '/'), bytes, ...(modified !== undefined && { modified }) }];
  });
}

/** `2026-11-20 12:00:00`, with a fraction or without, in UTC. */
function parseTime(text: string | undefined): Date | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)/.exec(text ?? '') ?? [];
  return day === undefined ? undefined : new Date(`${day}T${time}Z`);
}

/** The program's name in Debian 12 and in Debian 13. */
const PROGRAMS = ['7zz', '7z'] as const;

/** Starts 7-Zip by the name it has here. */
export async function sevenZip(
  argv: SevenZipArgv,
  exec: Exec,
  signal?: AbortSignal,
  onLine?: (line: string) => void,
): Promise<ExecResult> {
  // Archives with local times give the same files everywhere.
  const options = {
    env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    ...(signal !== undefined && { signal }),
    ...(onLine !== undefined && { onLine }),
  };
  const [first, second] = PROGRAMS;
  try {
    return await exec([first, ...argv], options);
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'TOOL_MISSING') throw error;
    return await exec([second, ...argv], options).catch(neither);
  }
}

function neither(error: unknown): never {
  if (!isMediasmithError(error) || error.code !== 'TOOL_MISSING') throw error;
  throw new MediasmithError('TOOL_MISSING', '7-Zip is not installed: there is neither 7zz nor 7z', {
    hint: 'Install the package 7zip; "mediasmith doctor" lists everything that is missing.',
  });
}

async function run(
  argv: SevenZipArgv,
  archive: string,
  exec: Exec,
  signal: AbortSignal | undefined,
): Promise<ExecResult> {
  const complaints: string[] = [];
  try {
    return await sevenZip(argv, exec, signal, keepComplaints(complaints));
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'TOOL_FAILED') throw error;
    const lines = complaints.length > 0 ? complaints : error.lines.filter((line) => !FIELD.test(line));
    const { code, message, hint } = explain(lines.join('\n'));
    throw new MediasmithError(code, `${archive} ${message}`, {
      where: archive,
      lines: lines.slice(0, MOST_LINES),
      hint,
      cause: error,
    });
  }
}

const MOST_LINES = 4;
/** Of what is listed. */
const FIELD = /^[\w ]+ =( |$)/;
const HEADING = /^(ERRORS|WARNINGS|System ERROR):$/;
const COMPLAINT = /^((Open )?ERROR|WARNING): /;

/** Keeps what 7-Zip says is wrong. In a listing it says so before the files, of which there may be many. */
export function keepComplaints(complaints: string[]): (line: string) => void {
  let below = false;
  return (line) => {
    if (HEADING.test(line)) below = true;
    else if (FIELD.test(line) || /^(--|Errors: )/.test(line)) below = false;
    else if (below || COMPLAINT.test(line)) {
      // What it says of a file may be on the next line.
      below = true;
      if (complaints.length < MOST_COMPLAINTS) complaints.push(line);
    }
  };
}

/** A damaged archive may have one for each of its files. */
const MOST_COMPLAINTS = 100;

/** What 7-Zip's own words mean for who named the file. */
export function explain(output: string): { code: ErrorCode; message: string; hint: string } {
  if (/wrong password/i.test(output))
    return {
      code: 'SOURCE_INVALID',
      message: 'is protected by a password',
      hint: 'Unpack it with its password first, and name the folder.',
    };
  if (/no space left|there is not enough space/i.test(output))
    return { code: 'NO_SPACE', message: 'does not fit where it is unpacked', hint: 'Free some space in the cache.' };
  if (/unexpected end|data error|crc failed|headers error|unavailable data/i.test(output))
    return {
      code: 'SOURCE_INVALID',
      message: 'is damaged or not complete',
      hint: 'Copy it again from its source and compare its SHA-256 with the published one.',
    };
  return {
    code: 'SOURCE_INVALID',
    message: 'is not a disc image or an archive that 7-Zip reads',
    hint: 'Name an ISO file, an archive or a folder.',
  };
}
