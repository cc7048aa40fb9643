import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exec } from '../../runtime/host/exec.ts';

/** Every name of an image with everything NTFS keeps for it, as `wimdir --detailed` words it. */
export type Listing = ReadonlyMap<string, readonly string[]>;

/** Captures the volume on a device into `wim` by wimlib's own program and lists it. */
export async function listVolume(device: string, wim: string): Promise<Listing> {
  await exec(['wimcapture', device, wim, '--compress=none']);
  return listImage(wim, 1);
}

export async function listImage(wim: string, index: number): Promise<Listing> {
  const { stdout } = await exec(['wimdir', '--detailed', wim, String(index)], { env: { LC_ALL: 'C.UTF-8' } });
  const blocks = stdout.split(/^-{20,}$/m).map((block) => block.split('\n').map((line) => line.trim()));
  const entries = new Map(
    blocks.flatMap((lines) => {
      const path = fieldOf(lines, 'Full Path')?.slice(1, -1);
      return path === undefined ? [] : [[path, lines] as const];
    }),
  );
  const groups = Map.groupBy(entries, ([, lines]) => fieldOf(lines, 'Link Group ID'));
  return new Map(
    [...entries].map(([path, lines]) => {
      const group = fieldOf(lines, 'Link Group ID') ?? '';
      const links = /^0x0*$/.test(group) ? [] : (groups.get(group) ?? []).map(([name]) => name).sort();
      return [path, [...lines.filter(isOfTheFile), `Links = ${links.join(' | ')}`]];
    }),
  );
}

export type Differences = { added: string[]; removed: string[]; changed: Record<string, string[]> };

/** What one listing has and the other has not; of changed names the kinds of lines that changed. */
export function compareListings(before: Listing, after: Listing): Differences {
  const changed: Record<string, string[]> = {};
  for (const [path, lines] of before) {
    const other = after.get(path);
    if (other === undefined || lines.join('\n') === other.join('\n')) continue;
    const differing = [
      ...lines.filter((line) => !other.includes(line)),
      ...other.filter((line) => !lines.includes(line)),
    ];
    changed[path] = [...new Set(differing.map((line) => line.replace(/\s*[=:].*/, '')))];
  }
  const missingIn = (there: Listing, names: Listing) => [...names.keys()].filter((path) => !there.has(path)).sort();
  return { added: missingIn(before, after), removed: missingIn(after, before), changed };
}

/** A file of the volume on a device, read without mounting it. */
export async function readNtfsFile(device: string, path: string, into: string): Promise<Buffer> {
  await exec(['ntfscat', device, path], { stdoutFile: into });
  return readFile(into);
}

/** What {@link listImage} says of the content of a file. */
export function hashLine(content: Uint8Array): string {
  return `Hash              = 0x${createHash('sha1').update(content).digest('hex')}`;
}

/** Lines about where the WIM keeps the data say nothing about the file. */
function isOfTheFile(line: string): boolean {
  return (
    line !== '' &&
    !/^(Compressed size|Offset in WIM|Part Number|Reference Count|Flags|WIM_RESHDR_\w+|Link Group ID)\b/.test(line)
  );
}

function fieldOf(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name} `))?.replace(/^[^=]*=\s*/, '');
}
