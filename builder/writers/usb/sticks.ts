import { type FileHandle, realpath } from 'node:fs/promises';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { StickLayout, StickTable } from '../../config/schema.ts';
import { flusher } from './flush.ts';
import type { MediumContent } from './medium-content.ts';
import type { StickTask } from './write-stick.ts';

/** A device, or an image file of one, that is held for writing and nobody else's. */
export type StickTarget = { device: string; bytes: number; handle: FileHandle };

/** fat32 and mbr unless given; without a layout fat32+exfat where a file needs it. */
export type StickOptions = { layout?: StickLayout | undefined; partitionTable?: StickTable | undefined };

export type StickContext = { exec: Exec; emit: Emit; signal: AbortSignal; cacheFolder: string };

export type WrittenStick = { device: string; bytesWritten: number; bytesVerified: number; seconds: number };

/** What is to be done to one stick, and how many bytes that will write. */
export type StickWork = { bytes: number; run: (task: StickTask) => Promise<unknown> };

/**
 * Works on several sticks at once. One that fails does not stop the others: when all have ended its error comes, with a
 * line for each of the others.
 */
export async function workOnSticks(
  targets: readonly StickTarget[],
  works: readonly StickWork[],
  { exec, emit, signal }: StickContext,
): Promise<WrittenStick[]> {
  const total = 2 * works.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    emit({ event: 'progress', title: 'Writing and reading back', done, total, unit: 'bytes' });
  };
  const ends = await Promise.allSettled(
    targets.map(async ({ device, handle }, index): Promise<WrittenStick> => {
      const started = performance.now();
      const end = { device, bytesWritten: 0, bytesVerified: 0 };
      await works[index]?.run({
        signal,
        flush: flusher(device, handle, { exec, signal }),
        onWritten: (bytes) => {
          end.bytesWritten += bytes;
          count(bytes);
        },
        onVerified: (bytes) => {
          end.bytesVerified += bytes;
          count(bytes);
        },
      });
      return { ...end, seconds: (performance.now() - started) / 1000 };
    }),
  );
  signal.throwIfAborted();
  return ends.map((end, index) => {
    if (end.status === 'fulfilled') return end.value;
    throw failed(targets, ends, index, end.reason);
  });
}

function failed(
  targets: readonly StickTarget[],
  ends: readonly PromiseSettledResult<unknown>[],
  index: number,
  reason: unknown,
): unknown {
  const device = targets[index]?.device ?? '';
  if (!(reason instanceof MediasmithError)) return reason;
  const others = ends.flatMap(({ status }, other) =>
    other === index ? [] : [`${targets[other]?.device}: ${status === 'fulfilled' ? 'is whole' : 'has failed too'}`],
  );
  const { code, message, hint, cause } = reason;
  return new MediasmithError(code, `${device}: ${message}`, {
    where: device,
    lines: [...reason.lines, ...others],
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

/** Refuses to write a stick with what is being read from that stick. */
export async function refuseOwnSource({ files }: MediumContent, targets: readonly StickTarget[]): Promise<void> {
  const sources = new Set(files.flatMap(({ content }) => ('file' in content ? [content.file] : [])));
  const real = new Set(await Promise.all([...sources].map((path) => realpath(path))));
  for (const { device } of targets) {
    if (!real.has(await realpath(device))) continue;
    throw new MediasmithError('DEVICE_REFUSED', `${device} is the medium that is to be read`, {
      where: device,
      hint: 'Name another stick. Nothing was written.',
    });
  }
}
