import { expect, it } from 'vitest';
import { findContentFolder } from '../../../../../runtime/platform/winpe/content-folder.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const FOLDER = { kind: 'folder', label: 'Data', path: 'media/office' } as const;

async function host() {
  const made = await winpeHost();
  made.windows.drives = {
    C: { type: 'fixed', disk: 0, label: 'Windows' },
    E: { type: 'removable', disk: 1, label: 'DATA' },
    F: { type: 'fixed', disk: 3, label: 'DATA' },
    G: { type: 'cdrom' },
  };
  return made;
}

it('finds the folder on a volume with the label that has a medium there, and names the disk', async () => {
  const on = await host();
  await writeFiles(on.drive('F'), {
    'media/office/mediasmith/manifest.json': '{ "id": "3b241101-e2bb-4255-8caf-4136c566a962" }',
  });
  expect(await findContentFolder(on, FOLDER)).toEqual({
    root: `${on.drive('F')}/media/office`,
    device: 'F:',
    disk: on.disk(3),
    launchMode: 'UFD',
  });
});

it('names the volumes it has seen', async () => {
  const on = await host();
  await expect(findContentFolder(on, FOLDER, { patienceSeconds: 0 })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: ['C: Windows', 'E: DATA', 'F: DATA'],
  });
});
