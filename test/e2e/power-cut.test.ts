import { beforeAll, describe, it } from 'vitest';
import { cutAndDeployAgain, expectStart, type Moment, POWER_CUT_IMAGE } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { deploySequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
let iso: string;

beforeAll(async () => {
  const sequences = [deploySequence({ disk: { empty: true } })];
  ({ iso } = await buildTestMedium(scratch('medium'), { sequences, size: POWER_CUT_IMAGE }));
});

describe('after a power cut', () => {
  it.each<Moment>(['as the disk is being erased', 'while file systems are made', 'after applying'])(
    '%s the disk does not start, and the medium deploys it again',
    async (moment) => {
      await cutAndDeployAgain(iso, moment, scratch(moment));
    },
  );

  it.each<Moment>(['in the middle of applying', 'at the handover'])(
    '%s the disk does not start, and the medium deploys it again to a disk that does',
    async (moment) => {
      const { disk } = await cutAndDeployAgain(iso, moment, scratch(moment));
      await expectStart(disk, scratch(moment, 'deployed'));
    },
  );
});
