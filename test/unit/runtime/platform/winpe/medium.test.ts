import { expect, it } from 'vitest';
import { findMedium } from '../../../../../runtime/platform/winpe/medium.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const OTHER = '00000000-0000-8000-8000-000000000000';

async function putMedium(host: TestHost, letter: string, id: string): Promise<void> {
  await writeFiles(host.drive(letter), { 'mediasmith/manifest.json': `{ "id": "${id}" and then damage` });
}

it.each([
  ['a stick', { type: 'removable', disk: 2 }, 'UFD', 2],
  ['a disk on USB', { type: 'fixed', disk: 3 }, 'UFD', 3],
  ['a disc', { type: 'cdrom' }, 'DVD', undefined],
  ['a share', { type: 'remote' }, 'PXE', undefined],
] as const)('finds the medium on %s, whatever its letter', async (_, drive, launchMode, disk) => {
  const host = await winpeHost();
  host.windows.drives = { C: { type: 'fixed', disk: 0 }, E: { type: 'removable', disk: 1 }, F: drive };
  await putMedium(host, 'E', OTHER);
  await putMedium(host, 'F', ID);
  expect(await findMedium(host, ID)).toEqual({
    root: host.drive('F'),
    device: 'F:',
    disk: disk === undefined ? '' : host.disk(disk),
    launchMode,
  });
  expect(host.lines).toEqual([]);
});

it('finds the data volume of a stick with two, whatever letter the other has, and names the one disk', async () => {
  const host = await winpeHost();
  host.windows.drives = {
    C: { type: 'fixed', disk: 0 },
    E: { type: 'removable', disk: 4 },
    F: { type: 'removable', disk: 4 },
  };
  await writeFiles(host.drive('E'), { [`mediasmith/bios/${ID}`]: ID, 'sources/boot.wim': '' });
  await putMedium(host, 'F', ID);
  expect(await findMedium(host, ID)).toMatchObject({ device: 'F:', disk: host.disk(4), launchMode: 'UFD' });
});

it('has nothing where the medium has just been taken out', async () => {
  const host = await winpeHost();
  await expect(findMedium(host, ID)).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: expect.stringContaining(ID),
  });
});
