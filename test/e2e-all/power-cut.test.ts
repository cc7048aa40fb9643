import { beforeAll, describe, it } from 'vitest';
import { cutAndDeployAgain } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { deploySequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
let iso: string;

beforeAll(async () => {
  const sequences = [deploySequence({ disk: { empty: true } })];
  ({ iso } = await buildTestMedium(scratch('medium'), { sequences }));
});

describe('after a power cut', () => {
  it.each(['as the disk is being erased', 'while file systems are made', 'after applying'] as const)(
    '%s the disk does not start, and the medium deploys it again',
    async (moment) => {
      await cutAndDeployAgain(iso, moment, scratch(moment));
    },
  );
});
