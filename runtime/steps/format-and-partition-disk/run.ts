import { randomUUID } from 'node:crypto';
import { describeDisk } from '../../contract/disk-rules.ts';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ManifestFile } from '../../contract/manifest.ts';
import { roomBytes } from '../../platform/content-room.ts';
import type { Partition, PartitionTable } from '../../platform/partition-table.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { refuseOtherNumber, theOneDisk } from '../choose-disk.ts';
import type { Run, StepContext } from '../context.ts';
import { refuseCapturedState } from './captured-state.ts';
import { layoutDisk } from './layout.ts';

export const runFormatAndPartitionDisk: Run<StepOptions<'format-and-partition-disk'>> = async (options, context) => {
  const disk = await theOneDisk(options.disk, 'Which disk shall be ERASED?', context);
  refuseOtherNumber(disk, 'OSDDiskIndex', context);
  const style = options.style === 'firmware' ? (context.machine.firmware === 'uefi' ? 'gpt' : 'mbr') : options.style;
  const table = layoutDisk({ style, volumes: options.volumes }, disk.bytes, () => randomUUID().toUpperCase());
  const content = context.contentToKeep ?? [];
  const contentBytes = content.reduce((sum, { bytes }) => sum + bytes, 0);
  refuseTooSmall(table, { content: contentBytes, medium: disk.prestagedBytes ?? 0 }, context);
  await refuseCapturedState(disk, context);
  context.log('info', `erasing ${describeDisk(disk)}`);
  for (const { name, bytes, fileSystem, fullFormat } of table.partitions)
    if (fullFormat === true && fileSystem !== 'none')
      context.log(
        'info',
        `${name} is formatted in full: all of its ${formatBytes(bytes)} are gone through, without progress`,
      );
  const claim = context.medium.manifest.id;
  context.state.target = await context.platform.partitionDisk(disk, table, claim, {
    signal: context.signal,
    onProgress: context.progress('Partitioning and formatting'),
    onMove: context.progress('Moving the medium to the end of the disk'),
    ...(content.length > 0 && { contentBytes }),
  });
  const volumes = (options.volumes ?? []).filter(({ type }) => type !== 'extended');
  for (const [index, { variable }] of volumes.entries()) {
    const volume = context.state.target.volumes[index];
    if (variable !== undefined && volume !== undefined) context.variables.set(variable, volume.name);
  }
  if (content.length > 0) await keepContent(content, context);
};

/** The first moment at which the disk can take it. */
async function keepContent(content: readonly ManifestFile[], context: StepContext): Promise<void> {
  const { platform, medium, signal } = context;
  const onProgress = context.progress('Copying the medium onto the disk');
  await platform.keepFiles(medium, content, { signal, onProgress });
  const what = medium.manifest.discs === undefined ? 'the medium' : 'the disc';
  context.log('info', `everything is on the disk: ${what} may be taken out`);
}

/** NTFS's own files and the room Windows needs for its first start. */
const NTFS_OVERHEAD = 0.05;

/** An image that fits nowhere is refused while the disk is still as it was. */
function refuseTooSmall(
  table: PartitionTable,
  beside: { content: number; medium: number },
  context: StepContext,
): void {
  const takesImages = ({ role, noLetter }: Partition): boolean => role === 'primary' && noLetter !== true;
  const largest = Math.max(0, ...table.partitions.filter(takesImages).map(({ bytes }) => bytes));
  for (const image of context.images) {
    const applied = Math.ceil(image.bytes * (1 + NTFS_OVERHEAD));
    const needed = applied + (beside.content === 0 ? 0 : roomBytes(beside.content)) + beside.medium;
    if (needed <= largest) continue;
    const sums = [
      `the image: ${formatBytes(applied)}`,
      ...(beside.content > 0 ? [`the content of the medium, until the end: ${formatBytes(beside.content)}`] : []),
      ...(beside.medium > 0 ? [`the prestaged medium, until the end: ${formatBytes(beside.medium)}`] : []),
    ];
    throw new MediasmithError(
      'VOLUME_TOO_SMALL',
      `image "${image.name}" needs ${formatBytes(needed)}, the largest volume would have ${formatBytes(largest)}`,
      {
        ...(sums.length > 1 && { lines: sums }),
        hint: 'Use a larger disk, or give the Windows volume more of it. Nothing was changed.',
      },
    );
  }
}
