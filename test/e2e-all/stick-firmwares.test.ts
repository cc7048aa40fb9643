import { beforeAll, describe, it } from 'vitest';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { expectStickStart, STICKS } from '../helpers/e2e-stick-start.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();

beforeAll(async () => {
  await buildTestMedium(scratch('medium'), { options: { outputs: STICKS } });
});

describe.each<[string, Firmware[]]>([
  [STICKS[0].usb, ['bios', 'secureboot']],
  [STICKS[1].usb, ['bios', 'secureboot']],
])('the image of a stick, %s', (image, firmwares) => {
  it.each(firmwares)('starts under %s, deploys, and takes the results', async (firmware) => {
    await expectStickStart(scratch('medium', image), firmware, scratch(`${image}-${firmware}`));
  });
});
