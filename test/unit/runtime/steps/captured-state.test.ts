import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TargetDisk, TargetVolume } from '../../../../runtime/platform/platform.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { runFormatAndPartitionDisk } from '../../../../runtime/steps/format-and-partition-disk/run.ts';
import { writeFiles } from '../../../helpers/temporary-folder.ts';
import { stepContext } from './step-context.ts';

/** A machine whose disk has a volume with these files, in a run that has captured user state or has not. */
async function partition(files: Record<string, string>, captured: string | undefined, on = '/dev/nvme0n1') {
  const { context, platform } = await stepContext();
  const volume: TargetVolume = {
    ...{ name: 'Old', role: 'primary', device: `${on}p3`, number: 3, startBytes: 1, bytes: 1 },
    fileSystem: 'ntfs',
  };
  platform.present = [{ device: on, style: 'gpt', identity: '', volumes: [volume] } satisfies TargetDisk];
  await writeFiles(join(platform.volume('Old')), files);
  if (captured !== undefined) context.variables.set('_SMSTSUserStatePath', captured);
  const steps = [{ step: 'format-and-partition-disk' }];
  const [step] = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps }).steps;
  await runFormatAndPartitionDisk(step as never, context);
  return platform.deeds.filter((deed) => deed.startsWith('partitionDisk'));
}

const STORE = { 'StateStore/USMT/USMT.MIG': '' };

it('a disk with the user state of this run is never erased', async () => {
  await expect(partition(STORE, 'C:\\StateStore')).rejects.toMatchObject({
    code: 'STEP_FAILED',
    where: 'Old: StateStore',
  });
});

it.each([
  ['nobody has captured any', STORE, undefined, undefined],
  ['it went to a share', STORE, '', undefined],
  ['none is there', { 'StateStore/notes.txt': '' }, 'C:\\StateStore', undefined],
  ['it lies on another disk', STORE, 'C:\\StateStore', '/dev/sdb'],
] as const)('one is erased where %s', async (_, files, captured, on) => {
  expect(await partition(files, captured, on)).toHaveLength(1);
});
