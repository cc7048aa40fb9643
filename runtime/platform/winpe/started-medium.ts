import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import { bootImageAt, manifestIdAt } from '../manifest-id.ts';
import { wpeutilArgv } from './command-lines.ts';
import { diskOfLetter, sameDisk } from './devices.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { runTool } from './run-tool.ts';

/** Slow sticks and card readers need a while before Windows shows them. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 500;
const CONTROL = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control';
/** Where the boot image was read from, as wpeutil UpdateBootInfo leaves it: `D:\\` (Microsoft: "Wpeutil command-line options"). */
const SOURCE_DRIVE = 'PEBootRamdiskSourceDrive';

/** A drive with a medium that the running boot image may have come from. */
export type Candidate = { letter: string; id: string };

/**
 * The id of the medium that this WinPE was started from. Its image serves every medium of the same boot environment, so
 * that where several are there it is the one on the disk the image was read from. `MEDIUM_NOT_FOUND` for none, and where
 * that cannot be told: never a guess.
 */
export async function startedMedium(
  host: WinpeHost,
  bootImage: string,
  { signal, patienceSeconds = PATIENCE_SECONDS }: { signal?: AbortSignal | undefined; patienceSeconds?: number } = {},
): Promise<string> {
  const failure = 'the wait for drives failed';
  const argv = wpeutilArgv(host.systemRoot, 'WaitForRemovableStorage');
  // First of all: the medium must not lose against one that is quicker to appear.
  await tryTo(host, () => runTool(host.exec, { tool: 'wpeutil', failure, argv, signal }));
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const candidates = await mediaOf(host, bootImage);
    const [only, ...others] = candidates;
    const own = isOne(candidates) ? only : onSourceDisk(host, candidates);
    if (own !== undefined) return own.id;
    if (others.length > 0) throw ambiguous(candidates);
    if (performance.now() >= deadline) throw notFound(host);
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
}

/** Every drive that has a medium which this boot image starts. */
export async function mediaOf(
  { win32, drive }: Pick<WinpeHost, 'win32' | 'drive'>,
  bootImage: string,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const letter of win32.driveLetters()) {
    const id = await manifestIdAt(drive(letter));
    if (id !== undefined && (await bootImageAt(drive(letter))) === bootImage) found.push({ letter, id });
  }
  return found;
}

/** Of a stick with two volumes the image comes from the one and the manifest lies on the other. */
function onSourceDisk(host: WinpeHost, candidates: readonly Candidate[]): Candidate | undefined {
  const said = host.win32.registryValue(CONTROL, SOURCE_DRIVE);
  const letter = 'data' in said ? sourceLetter(said.data) : undefined;
  if (letter === undefined) return undefined;
  const disk = diskOfLetter(host, letter);
  const there = candidates.filter(
    (candidate) =>
      candidate.letter === letter || (disk !== undefined && sameDisk(diskOfLetter(host, candidate.letter) ?? '', disk)),
  );
  return isOne(there) ? there[0] : undefined;
}

/** Whether they are one medium: a prestaged one lies on its disk twice when its move was cut. */
function isOne(candidates: readonly Candidate[]): boolean {
  return new Set(candidates.map(({ id }) => id)).size === 1;
}

/** Pure: the letter in a registry string. */
export function sourceLetter(data: Buffer): string | undefined {
  return /^([A-Z]):/i.exec(data.toString('utf16le'))?.[1]?.toUpperCase();
}

function ambiguous(candidates: readonly Candidate[]): MediasmithError {
  const drives = candidates.map(({ letter }) => `${letter}:`).join(' and ');
  return new MediasmithError('MEDIUM_NOT_FOUND', `this machine may have been started from ${drives}`, {
    lines: candidates.map(({ letter, id }) => `${letter}: ${id}`),
    hint: 'Take out the media that are not meant, then start again.',
  });
}

function notFound({ win32 }: WinpeHost): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', 'no drive holds the medium this machine was started from', {
    hint: 'Put the stick or disc back, or try another port: this boot image may lack the driver of this one.',
    lines: win32.driveLetters().map((letter) => `looked at: ${letter}: (${win32.driveType(letter)})`),
  });
}
