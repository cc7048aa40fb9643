import { beforeAll, describe, it } from 'vitest';
import { buildPowerCutMedium, cutAndDeployAgain, expectStart, type Moment } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
let iso: string;

beforeAll(async () => {
  iso = await buildPowerCutMedium(scratch('medium'));
});

describe('after a power cut', () => {
  it.each<Moment>(['in the middle of applying', 'at the handover'])(
    '%s the disk does not start, and the medium deploys it again to a disk that does',
    async (moment) => {
      const { disk } = await cutAndDeployAgain(iso, moment, scratch(moment));
      await expectStart(disk, scratch(moment, 'deployed'));
    },
  );
});
