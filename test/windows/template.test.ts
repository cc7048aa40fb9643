import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSequence } from '../../builder/templates.ts';
import { IMAGE, PACKAGE } from '../helpers/fake-medium.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { startsWith } from '../helpers/wine-firmware.ts';
import { APPLY_FOLDER, type StubPlan } from '../helpers/wine-stubs.ts';
import { openWindows, windowsRuntime } from '../helpers/wine-windows.ts';
import { openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const RUNTIME = 'mediasmith/windows/x64/mediasmith.exe';
/** What the template is told: a disk of the room, and drivers that a query finds for any machine. */
const VALUES = {
  computerName: 'PC-1',
  memory: '1 GB',
  minimumDiskSize: '30 GB',
  modelQuery: 'SELECT * FROM Win32_ComputerSystemProduct',
  workgroup: 'OFFICE',
};
const PACKAGES = ['drivers-latitude-5440', 'drivers-thinkpad-t14', 'updates', 'usmt'];
const OFFICE = {
  ...{ name: 'office-suite', package: 'updates', command: ['office.exe', '/S'] },
  ...{ successCodes: [0, 3010], dependsOn: [] },
};
const UPDATES: StubPlan = { dism: { files: { [`${APPLY_FOLDER}\\1.msu`]: '' } }, wusa: { exitCode: 3010 } };
const OFFICE_SETUP: StubPlan = { dism: { programs: [`${APPLY_FOLDER}\\office.exe`] } };

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

it('the template install-image: from the empty disk to its end in the installed Windows', async () => {
  const out = join(await temporaryFolder(), 'install.yaml');
  const { sequence } = await newSequence('install-image', { out, values: new Map(Object.entries(VALUES)) });
  await winpe.begin({
    sequences: [sequence],
    images: [{ ...IMAGE, name: 'windows-11' }],
    packages: PACKAGES.map((name, index) => ({ ...PACKAGE, name, index: index + 1 })),
    applications: [OFFICE],
    windowsRuntimes: [{ architecture: 'x64', file: RUNTIME }],
    contents: { [RUNTIME]: await readFile(await windowsRuntime()) },
  });
  await startsWith('uefi', winpe.wine);
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/template-winpe.txt');
  expect(await winpe.said('warning')).toEqual([]);
  const drive = await winpe.wine.drive('W');
  const answers = await readFile(join(drive, 'Windows/Panther/unattend.xml'), 'utf8');
  expect(answers).toMatch(/<ComputerName>PC-1<[\s\S]*<JoinWorkgroup>OFFICE</);

  const [disk = ''] = (await winpe.stubs.calls()).flatMap(
    ({ script = '' }) => /uniqueid disk id=([0-9a-f-]{36})/i.exec(script)?.slice(1) ?? [],
  );
  await using windows = await openWindows({ medium: await winpe.wine.drive('D'), windows: drive, disk });
  await windows.stubs.plan(UPDATES);
  expect(await windows.resume(), await windows.log()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/template-1.txt');
  await windows.stubs.forget();
  await windows.stubs.plan(OFFICE_SETUP);
  expect(await windows.resume(), await windows.log()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/template-2.txt');
  expect(await windows.said('error')).toEqual([]);
  expect(await windows.said('warning')).toEqual([]);
  const result = await readFile(join(windows.drive, 'Windows/Logs/Mediasmith/result-install-image.json'), 'utf8');
  expect(JSON.parse(result)).toMatchObject({ outcome: 'succeeded', sequence: { id: 'install-image' } });
});
