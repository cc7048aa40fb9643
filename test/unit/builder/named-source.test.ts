import { expect, it } from 'vitest';
import { namedSource } from '../../../builder/named-source.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';

const PATH = '/cache/unpacked/1/boot.wim';
const NAME = 'sources/boot.wim in Win11.iso';
const named = (error: Error) => namedSource(PATH, NAME, () => Promise.reject(error));

it('says the name everywhere, and keeps the rest of the error', async () => {
  const error = new MediasmithError('IMAGE_CORRUPT', `cannot read ${PATH}`, {
    ...{ where: PATH, lines: [`${PATH}: byte 5`, 'other'], hint: `Copy ${PATH} again.`, exitCode: 7 },
  });
  await expect(named(error)).rejects.toMatchObject({
    ...{ code: 'IMAGE_CORRUPT', message: `cannot read ${NAME}`, where: NAME, exitCode: 7, cause: error },
    ...{ lines: [`${NAME}: byte 5`, 'other'], hint: `Copy ${NAME} again.` },
  });
});

it('leaves a bug of ours, and a file that is called what it is, alone', async () => {
  const bug = new Error(PATH);
  await expect(named(bug)).rejects.toBe(bug);
  const error = new MediasmithError('IMAGE_CORRUPT', PATH);
  await expect(namedSource(PATH, PATH, () => Promise.reject(error))).rejects.toBe(error);
});

it('gives what the work gives', async () => {
  expect(await namedSource(PATH, NAME, async () => 5)).toBe(5);
});
