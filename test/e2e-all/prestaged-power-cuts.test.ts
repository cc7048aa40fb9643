import { beforeAll, describe, it } from 'vitest';
import { expectToGoOn, prestagedImage } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
let image: string;

beforeAll(async () => {
  image = await prestagedImage(scratch('medium'), 'gpt');
});

describe('a disk that was laid in a factory', () => {
  it.each(['while file systems are made', 'in the middle of applying', 'at the handover'] as const)(
    'goes on by itself after its power was cut %s',
    async (moment) => {
      await expectToGoOn(image, moment, scratch(moment));
    },
  );
});
