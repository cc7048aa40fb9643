import { expect, it } from 'vitest';
import { hashBytes } from '../../../../builder/hash.ts';
import { readWhole } from '../../../../runtime/engine/read-whole.ts';
import { aManifest } from '../../../helpers/manifest.ts';

const PATH = 'mediasmith/machines.json';

function reading(answer: string) {
  const files = [{ path: PATH, bytes: 2, sha256: hashBytes(Buffer.from('{}')) }];
  const medium = { root: '/m', device: 'web', disk: '', launchMode: 'PXE' as const, manifest: aManifest({ files }) };
  const platform = {
    readMediumFile: async function* () {
      yield Buffer.from(answer);
    },
  };
  return readWhole(medium, PATH, { platform, signal: new AbortController().signal });
}

it('gives what the manifest lists', async () => {
  expect(String(await reading('{}'))).toBe('{}');
});

it('refuses what a server answers the second time', async () => {
  await expect(reading('[]')).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT', where: PATH });
});
