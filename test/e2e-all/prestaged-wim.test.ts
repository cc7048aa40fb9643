import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { GIB } from '../helpers/e2e-machine.ts';
import { expectSelfDeployment, PRESTAGED_DEPLOY } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { expectSecretMasked, SECRET_STEPS } from '../helpers/e2e-secrets.ts';
import type { WrittenSequence } from '../helpers/e2e-sequences.ts';
import { stickContext } from '../helpers/e2e-stick.ts';
import { followGuide } from '../helpers/guide.ts';
import { emptyDisk } from '../helpers/guide-disks.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { MOUNTS } from '../integration/exfat-image.ts';

const scratch = useScratchFolder();
const MIB = 1024 ** 2;
const SEQUENCE: WrittenSequence = { ...PRESTAGED_DEPLOY, steps: [...SECRET_STEPS, ...PRESTAGED_DEPLOY.steps] };

describe.runIf(MOUNTS)('a prestaged WIM that is applied as the guide says', () => {
  it('deploys its disk at the first start under UEFI', async () => {
    const { iso: wim } = await buildTestMedium(scratch('medium'), {
      sequences: [SEQUENCE],
      options: { outputs: [{ prestaged: 'factory.wim' }] },
    });
    const checkout = scratch('checkout');
    await mkdir(checkout);
    await copyFile(wim, join(checkout, 'factory.wim'));
    const { disk, device, partitions, path } = await emptyDisk({ disk: 4 * GIB, partitions: [256 * MIB, 256 * MIB] });
    const [boot = '', content = ''] = partitions;
    const places = {
      ...{ '1:0:+1G': '1:0:+256M', '2:0:+8G': '2:0:+256M' },
      ...{ '/dev/sdX1': boot, '/dev/sdX2': content, '/dev/sdX': device, '/mnt': join(checkout, 'mnt') },
    };
    await followGuide(['prestaged-disks.md'], checkout, places, { path, only: 'wimlib-imagex apply' });
    expect(await verifyMedium(disk, stickContext())).toMatchObject({ passed: true, extra: [] });
    const folder = scratch('machine');
    const run = await expectSelfDeployment(disk, 'uefi', folder);
    await expectSecretMasked(run, { folder: join(folder, 'start'), disk });
  });
});
