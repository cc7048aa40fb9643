import { beforeAll, describe, it } from 'vitest';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { expectStickStart, STICKS } from '../helpers/e2e-stick-start.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const [STICK] = STICKS;

const scratch = useScratchFolder();
let image: string;

beforeAll(async () => {
  ({ iso: image } = await buildTestMedium(scratch('medium'), { options: { outputs: [STICK] } }));
});

describe(`the image of a stick, ${STICK.usb}`, () => {
  it('starts under uefi, deploys, and takes the results', async () => {
    await expectStickStart(image, 'uefi', scratch('uefi'));
  });
});
