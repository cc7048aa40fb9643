import { beforeAll, describe, it } from 'vitest';
import { expectFirstStart, expectToGoOn, prestagedImage } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
let image: string;

beforeAll(async () => {
  image = await prestagedImage(scratch('medium'), 'gpt');
});

describe('a disk that was laid in a factory', () => {
  it('deploys itself at its first start under uefi', async () => {
    await expectFirstStart(image, 'uefi', scratch('uefi'));
  });

  it('goes on by itself after its power was cut while the medium is moved', async () => {
    await expectToGoOn(image, 'while the medium is moved', scratch('moved'));
  });
});
