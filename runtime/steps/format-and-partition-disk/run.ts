import { randomUUID } from 'node:crypto';
import { describeDisk } from '../../contract/disk-rules.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ManifestFile } from '../../contract/manifest.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { refuseOtherNumber, theOneDisk } from '../choose-disk.ts';
import type { Run, StepContext } from '../context.ts';
import { refuseCapturedState } from './captured-state.ts';
import { layoutDisk } from './layout.ts';
import { refuseUnfit } from './refuse-unfit.ts';

export const runFormatAndPartitionDisk: Run<StepOptions<'format-and-partition-disk'>> = async (options, context) => {
  const disk = await theOneDisk(options.disk, 'Which disk shall be ERASED?', context);
  refuseOtherNumber(disk, 'OSDDiskIndex', context);
  const style = options.style === 'firmware' ? (context.machine.firmware === 'uefi' ? 'gpt' : 'mbr') : options.style;
  const table = layoutDisk({ style, volumes: options.volumes }, disk.bytes, () => randomUUID().toUpperCase());
  const content = context.contentToKeep ?? [];
  const contentBytes = content.reduce((sum, { bytes }) => sum + bytes, 0);
  const beside = { content: contentBytes, medium: disk.prestagedBytes ?? 0 };
  refuseUnfit({ table, volumes: options.volumes, beside }, context);
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
