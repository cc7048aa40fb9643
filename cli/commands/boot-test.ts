import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type BootTestResult, runBootTest } from '../../builder/boot-test/boot-test.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { parseSize, Size } from '../../runtime/contract/size.ts';
import type { CommandResult, Session } from '../session.ts';

export type BootTestOptions = {
  firmware: Firmware;
  as: 'cdrom' | 'usb';
  disk: string;
  memory: string;
  folder: string;
  keepDisk?: boolean;
};

/** Boots a medium in a virtual machine. A medium that fails is a result with exit code 4. */
export async function bootTest(session: Session, file: string, options: BootTestOptions): Promise<CommandResult> {
  await stat(file).catch((cause) => {
    throw new MediasmithError('MEDIUM_INVALID', `cannot read ${file}`, {
      where: file,
      hint: 'Name an ISO file; "mediasmith build" makes one.',
      cause,
    });
  });
  const stage = { name: 'boot-test', title: `Boot ${file} (${options.firmware}, ${options.as})` };
  const result = await session.progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return runBootTest({
      medium: resolve(file),
      firmware: options.firmware,
      as: options.as,
      diskBytes: bytesOf('--disk', options.disk),
      memoryMiB: Math.ceil(bytesOf('--memory', options.memory) / 1024 ** 2),
      folder: resolve(options.folder),
      keepDisk: options.keepDisk === true,
      emit,
      signal: session.signal,
    });
  });
  return { document: result, text: describeBootTest(result), exitCode: result.passed ? 0 : 4 };
}

function bytesOf(option: string, text: string): number {
  const size = Size.safeParse(text);
  if (size.success) return parseSize(size.data);
  throw new MediasmithError('USAGE', `${option}: "${text}" is not a size`, {
    hint: 'Write a number and a unit: 8 GB.',
  });
}

/** The result as a person reads it: the verdict, the steps with their times, where to look. */
export function describeBootTest(result: BootTestResult): string {
  const steps = result.steps.map(
    ({ name, ok, skipped, seconds }) =>
      `  ${skipped ? 'skipped' : ok ? 'ok     ' : 'FAILED '} ${seconds.toFixed(1).padStart(7)} s  ${name}`,
  );
  return [
    `${result.passed ? 'PASSED' : 'FAILED'}: ${result.firmware}, ${result.as}, ${result.seconds.toFixed(1)} s`,
    ...(result.secondsToRuntime === undefined ? [] : [`  runtime after ${result.secondsToRuntime.toFixed(1)} s`]),
    ...steps,
    ...(result.failure === undefined ? [] : [`  ${result.failure}`, ...result.lastLines.map((line) => `    ${line}`)]),
    `  serial log: ${result.serialLog}`,
    ...result.screenshots.map((path) => `  screenshot: ${path}`),
    '',
  ].join('\n');
}
