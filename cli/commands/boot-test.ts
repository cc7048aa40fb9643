import { open, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { type AttachedAs, type BootTestResult, runBootTest } from '../../builder/boot-test/boot-test.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { openMedium } from '../../builder/inspect/open-medium.ts';
import { readMediumManifest } from '../../builder/inspect/read-manifest.ts';
import { openStick } from '../../builder/stick/open-stick.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import { parseSize, Size } from '../../runtime/contract/size.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ownFolder } from '../own-folder.ts';
import type { CommandResult, Session } from '../session.ts';

export type BootTestOptions = {
  firmware: Firmware;
  /** The image of a stick is a stick, and that of a prestaged disk is the disk, whatever is asked for. */
  as: 'cdrom' | 'usb';
  disk: string;
  memory: string;
  folder: string;
  keepDisk?: boolean;
};

type Limits = { least: number; most: number; whyMost: string };

const MIB = 1024 ** 2;
/** The file that is the disk takes no room until it is written, but a file system has a largest file: ext4 has 16 TiB. */
const DISK_BYTES: Limits = { least: 64 * MIB, most: 8 * MIB ** 2, whyMost: 'a virtual disk here has at most' };
const MEMORY_BYTES: Omit<Limits, 'most'> = { least: 64 * MIB, whyMost: 'this machine has' };
/** ECMA-119: the primary volume descriptor is sector 16 and has this word at its second byte. */
const ISO_WORD = 'CD001';
const ISO_WORD_OFFSET = 16 * 2048 + 1;

/** Boots a medium in a virtual machine. A medium that fails is a result with exit code 4. */
export async function bootTest(session: Session, file: string, options: BootTestOptions): Promise<CommandResult> {
  const kind = await kindOf(file);
  const manifest = await manifestOf(resolve(file), session);
  if (manifest?.bootEnvironment === 'winpe') throw startsWinpe(file);
  const as: AttachedAs = kind === 'iso' ? options.as : manifest?.prestaged === true ? 'disk' : 'usb';
  const diskBytes = bytesOf('--disk', options.disk, DISK_BYTES);
  const memoryMiB = Math.ceil(bytesOf('--memory', options.memory, { ...MEMORY_BYTES, most: totalmem() }) / MIB);
  await ownFolder(resolve(options.folder), '--folder');
  const stage = { name: 'boot-test', title: `Boot ${file} (${options.firmware}, ${as})` };
  const result = await session.progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return runBootTest({
      medium: resolve(file),
      firmware: options.firmware,
      as,
      diskBytes,
      memoryMiB,
      folder: resolve(options.folder),
      keepDisk: options.keepDisk === true,
      emit,
      signal: session.signal,
    });
  });
  return { document: result, text: describeBootTest(result), exitCode: result.passed ? 0 : 4 };
}

async function manifestOf(file: string, { signal }: Session): Promise<Manifest | undefined> {
  const context = { cacheFolder: cacheFolder(), exec, emit: () => undefined, signal };
  return openMedium(file, context)
    .then(readMediumManifest)
    .then(({ manifest }) => manifest)
    .catch(() => undefined);
}

/** Its runtime is followed over the serial port, which only our Linux environment opens. */
function startsWinpe(file: string): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `${file} starts WinPE, whose runtime boot-test cannot follow`, {
    where: file,
    hint: 'Start it in a virtual machine of your own, or test the same project with bootEnvironment: linux.',
  });
}

/** By content. A machine would start for a while whatever it is given: refuses all else. */
async function kindOf(file: string): Promise<'iso' | 'stick'> {
  const invalid = (message: string, cause?: unknown): MediasmithError =>
    new MediasmithError('MEDIUM_INVALID', `${file} ${message}`, {
      where: file,
      hint: 'Name an ISO file, or the image of a stick or of a prestaged disk; "mediasmith build" makes them.',
      ...(cause !== undefined && { cause }),
    });
  const kind = await stat(file).catch((cause) => {
    throw invalid('cannot be read', cause);
  });
  if (!kind.isFile()) throw invalid('is not a file');
  // In this order: what an ISO has left on a stick looks like an ISO still.
  if ((await openStick(file)) !== undefined) return 'stick';
  await using medium = await open(file, 'r');
  const { buffer } = await medium.read(Buffer.alloc(ISO_WORD.length), 0, ISO_WORD.length, ISO_WORD_OFFSET);
  if (buffer.toString('latin1') === ISO_WORD) return 'iso';
  throw invalid('is neither an ISO file nor the image of a stick');
}

function bytesOf(option: string, text: string, { least, most, whyMost }: Limits): number {
  const size = Size.safeParse(text);
  const bytes = size.success ? parseSize(size.data) : undefined;
  if (bytes !== undefined && bytes < least)
    throw new MediasmithError('USAGE', `${option}: ${text} is too small for any deployment`, {
      hint: `Give at least ${formatBytes(least)}, and what the sequence and its image need.`,
    });
  if (bytes !== undefined && bytes > most)
    throw new MediasmithError('USAGE', `${option}: ${text} is more than there can be`, {
      hint: `Give less: ${whyMost} ${formatBytes(most)}.`,
    });
  if (bytes !== undefined) return bytes;
  throw new MediasmithError('USAGE', `${option}: "${text}" is not a size`, {
    hint: 'Write a number and a unit: 8 GB.',
  });
}

/** The result as a person reads it: the verdict, the steps with their times, where to look. */
function describeBootTest(result: BootTestResult): string {
  const steps = result.steps.map(
    ({ name, ok, skipped, seconds }) =>
      `  ${skipped ? 'skipped' : ok ? 'ok     ' : 'FAILED '} ${seconds.toFixed(1).padStart(7)} s  ${name}`,
  );
  return [
    `${result.passed ? 'PASSED' : 'FAILED'}: ${result.firmware}, ${result.as}, ${result.seconds.toFixed(1)} s`,
    ...(result.secondsToRuntime === null ? [] : [`  runtime after ${result.secondsToRuntime.toFixed(1)} s`]),
    ...steps,
    ...(result.failure === undefined ? [] : [`  ${result.failure}`, ...result.lastLines.map((line) => `    ${line}`)]),
    `  serial log: ${result.serialLog}`,
    ...result.screenshots.map((path) => `  screenshot: ${path}`),
    '',
  ].join('\n');
}
