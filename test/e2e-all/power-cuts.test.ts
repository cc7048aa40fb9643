import { beforeAll, describe, it } from 'vitest';
import { buildPowerCutMedium, cutAndDeployAgain, type Moment } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
let iso: string;

beforeAll(async () => {
  iso = await buildPowerCutMedium(scratch('medium'));
});

describe('after a power cut', () => {
  it.each<Moment>(['as the disk is being erased', 'while file systems are made', 'after applying'])(
    '%s the disk does not start, and the medium deploys it again',
    async (moment) => {
      await cutAndDeployAgain(iso, moment, scratch(moment));
    },
  );

  it('in the middle of applying the disk does not start under BIOS either, and the medium deploys it again', async () => {
    await cutAndDeployAgain(iso, 'in the middle of applying', scratch('bios'), 'bios');
  });
});
