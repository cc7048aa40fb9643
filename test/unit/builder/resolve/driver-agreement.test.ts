import { expect, it } from 'vitest';
import { readPackageFolder } from '../../../../builder/package-folder.ts';
import { refuseUselessDrivers } from '../../../../builder/resolve/driver-agreement.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { aProject } from '../../../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const inf = (architecture: string) =>
  `[Version]\r\nSignature="$Windows NT$"\r\nClass=Net\r\n[Manufacturer]\r\nX=X,NT${architecture}\r\n[X.NT${architecture}]\r\nY=Y,PCI\\VEN_1\r\n`;

async function refusal(files: Record<string, string>, step: object = {}, group: object = {}): Promise<unknown> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'readme.txt': 'x', ...files });
  const apply = { step: 'apply-driver-package', package: 'net', ...step };
  const sequence = Sequence.parse({
    formatVersion: 2,
    id: 'a',
    name: 'A',
    steps: [{ group: 'G', steps: [apply], ...group }],
  });
  const project = await aProject(() => ({ sequences: [{ file: '/a.yaml', sequence }] }));
  const packages = [await readPackageFolder('net', folder)];
  return refuseUselessDrivers({ project, packages, winpe: undefined }).catch((error: unknown) => error);
}

it('refuses drivers of another architecture alone, and names them', async () => {
  expect(await refusal({ 'y/net.inf': inf('arm64'), 'x.inf': inf('x86') })).toMatchObject({
    code: 'DRIVER_WRONG_ARCHITECTURE',
    message: 'driver package "net" has no driver for x64',
    lines: ['apply-driver-package in /a.yaml', 'x.inf: x86', 'y/net.inf: arm64'],
    hint: expect.stringContaining('amd64'),
  });
  expect(await refusal({ 'y/net.inf': inf('arm64'), 'x.inf': inf('amd64') })).toBe(undefined);
});

it('refuses a package in which there is no driver for the step to add', async () => {
  expect(await refusal({})).toMatchObject({ code: 'SOURCE_INVALID', lines: ['apply-driver-package in /a.yaml'] });
  expect(await refusal({ 'autorun.inf': '[autorun]\r\nopen=x\r\n' })).toMatchObject({
    code: 'SOURCE_INVALID',
    lines: expect.arrayContaining(['autorun.inf: no driver']),
  });
  expect(await refusal({ 'deep/net.inf': inf('amd64') }, { recurse: false })).toMatchObject({ code: 'SOURCE_INVALID' });
  expect(await refusal({ 'deep/net.inf': inf('amd64') })).toBe(undefined);
});

it('asks nothing of a package whose step is disabled', async () => {
  expect(await refusal({}, {}, { enabled: false })).toBe(undefined);
  expect(await refusal({}, { enabled: false })).toBe(undefined);
});
