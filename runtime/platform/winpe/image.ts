import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { LIBWIM_DLL } from '../../wim/library.ts';
import { WimFile } from '../../wim/wim-file.ts';
import type { LayeredDriver } from '../layered-driver.ts';
import type { DriverOptions, Progress, TargetVolume, Task } from '../platform.ts';
import { addDriversArgv, applyImageArgv, setLayeredDriverArgv } from './command-lines.ts';
import type { WinpeHost } from './host.ts';
import { runTool } from './run-tool.ts';
import { splitPattern } from './split-pattern.ts';
import { letterOf } from './volumes.ts';
import { readWimSummary, type WimSummary } from './wim-header.ts';

/** Removed again; on the volume itself, because WinPE's own drive is in memory. */
const SCRATCH_FOLDER = 'MediasmithScratch';
/** In the folder of our own log, for the tail of it that an error shows. */
export const DISM_LOG = 'dism.log';

/** Applies an image by libwim where its user has laid it beside the runtime, else by DISM. */
export async function applyImage(
  host: WinpeHost,
  file: string,
  index: number,
  volume: TargetVolume,
  task: Task,
): Promise<void> {
  if (hasLibwim(host)) {
    using wim = await WimFile.open(file);
    return await wim.applyToMountedVolume(index, volume.device, task);
  }
  const failure = `the image could not be applied to ${volume.name} (${volume.device})`;
  await withScratch(host, volume, (scratchFolder) =>
    dismApply(host, { file, index, folder: volume.device, scratchFolder, failure }, task),
  );
}

/** Unpacks a package into a folder. */
export async function extractImage(
  host: WinpeHost,
  file: string,
  index: number,
  folder: string,
  task: Task,
): Promise<void> {
  if (hasLibwim(host)) {
    using wim = await WimFile.open(file);
    return await wim.applyToFolder(index, folder, task);
  }
  await mkdir(folder, { recursive: true });
  const failure = `the package could not be unpacked to ${folder}`;
  await dismApply(host, { file, index, folder, scratchFolder: undefined, failure }, task);
}

/** Adds driver packages to the Windows on a volume; DISM skips what is no driver for it, and says so in its log. */
export async function addDrivers(
  host: WinpeHost,
  volume: TargetVolume,
  folder: string,
  { signal, onProgress: _, ...options }: Task & DriverOptions,
): Promise<void> {
  const logFile = join(host.logFolder, DISM_LOG);
  await withScratch(host, volume, async (scratchFolder) => {
    const wish = { ...options, image: volume.device, folder, scratchFolder, logFile };
    const argv = addDriversArgv(host.systemRoot, wish);
    const failure = `the drivers in ${folder} could not be added to ${volume.device}`;
    await runTool(host.exec, { tool: 'dism', argv, failure, logFile, signal });
  });
}

/** Tells the Windows on a volume which keyboard it has: see {@link setLayeredDriverArgv}. */
export async function setLayeredDriver(
  host: WinpeHost,
  volume: TargetVolume,
  driver: LayeredDriver,
  { signal }: Task,
): Promise<void> {
  const logFile = join(host.logFolder, DISM_LOG);
  await withScratch(host, volume, async (scratchFolder) => {
    const argv = setLayeredDriverArgv(host.systemRoot, { image: volume.device, driver, scratchFolder, logFile });
    const failure = `the layered keyboard driver ${driver} could not be set on ${volume.device}`;
    await runTool(host.exec, { tool: 'dism', argv, failure, logFile, signal });
  });
}

type Application = { file: string; index: number; folder: string; scratchFolder: string | undefined; failure: string };

async function dismApply(
  { exec, systemRoot, logFolder }: WinpeHost,
  { failure, ...wish }: Application,
  { signal, onProgress }: Task,
): Promise<void> {
  const summary = await readWimSummary(wish.file);
  const logFile = join(logFolder, DISM_LOG);
  const argv = applyImageArgv(systemRoot, { ...wish, parts: await partsOf(wish.file, summary), logFile });
  const totalBytes = summary?.imageBytes.get(wish.index);
  await runTool(exec, {
    tool: 'dism',
    argv,
    failure,
    code: 'IMAGE_APPLY_FAILED',
    logFile,
    signal,
    ...(onProgress !== undefined && totalBytes !== undefined && { onLine: followProgress(totalBytes, onProgress) }),
  });
}

async function partsOf(file: string, summary: WimSummary | undefined): Promise<string | undefined> {
  if (summary === undefined || summary.totalParts <= 1) return undefined;
  const pattern = splitPattern(file, summary.totalParts, await readdir(dirname(file)));
  if (pattern !== undefined) return pattern;
  throw new MediasmithError('SOURCE_INVALID', `DISM cannot tell the ${summary.totalParts} parts of a split image`, {
    where: file,
    hint: 'Parts are missing, or files of a similar name lie beside them.',
  });
}

function followProgress(totalBytes: number, onProgress: Progress): (line: string) => void {
  return (line) => {
    const percent = percentOf(line);
    if (percent !== undefined) onProgress({ doneBytes: Math.round((totalBytes * percent) / 100), totalBytes });
  };
}

/** The figure in a line of DISM's progress: `[=====   12.3%   ]`. Pure. */
export function percentOf(line: string): number | undefined {
  const figure = /^\[[= ]*(\d+(?:\.\d+)?)%[= ]*\]?/.exec(line.trim())?.[1];
  return figure === undefined ? undefined : Math.min(100, Number(figure));
}

async function withScratch(
  { drive }: WinpeHost,
  volume: TargetVolume,
  deed: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(drive(letterOf(volume)), SCRATCH_FOLDER);
  await mkdir(folder, { recursive: true });
  try {
    await deed(win32.join(volume.device, SCRATCH_FOLDER));
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Beside the runtime, where it is loaded from: the project ships none. */
function hasLibwim({ startFolder }: WinpeHost): boolean {
  return existsSync(join(startFolder, LIBWIM_DLL));
}
