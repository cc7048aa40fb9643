import { type FileHandle, realpath } from 'node:fs/promises';
import { isMediasmithError, MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { StickLayout, StickTable } from '../../config/schema.ts';
import { flusher } from './flush.ts';
import type { MediumContent } from './medium-content.ts';
import type { StickTask } from './write-stick.ts';

/** A device, or an image file of one, that is held for writing and nobody else's. */
export type StickTarget = { device: string; serial?: string; bytes: number; handle: FileHandle };

/** fat32 and mbr unless given; without a layout fat32+exfat where a file needs it. */
export type StickOptions = { layout?: StickLayout | undefined; partitionTable?: StickTable | undefined };

/** `now`: what the validity of a medium is held against. */
export type StickContext = { exec: Exec; emit: Emit; signal: AbortSignal; cacheFolder: string; now?: Date };

/** Every byte that is written is read back; `bytesVerified` is more only where unchanged files were read as well. */
export type WrittenStick = {
  device: string;
  bytesWritten: number;
  bytesVerified: number;
  seconds: number;
  /** Of an update: the files that both manifests call the same, and that nobody has read. */
  notRead?: { files: number; bytes: number };
  /** The label of its volumes, where they cannot hold that of the medium. */
  volumeLabel?: string;
};

/** What is to be done to one stick, how many bytes that will write and read back, and how many it reads besides. */
export type StickWork = { bytes: number; readBytes?: number; run: (task: StickTask) => Promise<unknown> };

/**
 * Works on several sticks at once. One that fails does not stop the others: when all have ended its error comes, with a
 * line for each of the others.
 */
export async function workOnSticks(
  targets: readonly StickTarget[],
  works: readonly StickWork[],
  { exec, emit, signal }: StickContext,
): Promise<WrittenStick[]> {
  const total = works.reduce((sum, { bytes, readBytes = 0 }) => sum + 2 * bytes + readBytes, 0);
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
  if (!isMediasmithError(reason)) return reason;
  const others = ends.flatMap(({ status }, other) =>
    other === index ? [] : [`${targets[other]?.device}: ${status === 'fulfilled' ? 'is whole' : 'has failed too'}`],
  );
  const target = targets[index];
  return target === undefined ? reason : ofStick(target, reason, others);
}

/** The same error, which says of which stick it is. */
export function ofStick(
  target: StickTarget,
  { code, message, hint, cause, lines }: MediasmithError,
  others: readonly string[] = [],
): MediasmithError {
  return new MediasmithError(code, `${stickName(target)}: ${message}`, {
    where: target.device,
    lines: [...lines, ...others],
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

export function stickName({ device, serial = '' }: Pick<StickTarget, 'device' | 'serial'>): string {
  return serial === '' ? device : `${device} (serial ${serial})`;
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
