import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Manifest } from '../../../../runtime/contract/manifest.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import { runSetupWindows } from '../../../../runtime/steps/setup-windows/run.ts';
import { IMAGE, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const ANSWERS =
  '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="specialize">%Name% %SystemDrive%</settings></unattend>';
const RUNTIMES = {
  windowsRuntimes: [
    { architecture: 'x64' as const, file: 'mediasmith/windows/x64.exe' },
    { architecture: 'arm64' as const, file: 'mediasmith/windows/arm64.exe' },
  ],
};

/** What the step is given once Windows has been applied, with `files` on its volume. */
async function applied(files: Record<string, string>, wish: Partial<Manifest> = RUNTIMES, architecture?: string) {
  const folder = await temporaryFolder();
  const platform = new FakePlatform(folder);
  const manifest = Manifest.parse(await writeFakeMedium(folder, [], wish));
  await writeFiles(join(folder, 'medium/mediasmith/windows'), { 'x64.exe': 'for x64', 'arm64.exe': 'for arm64' });
  await writeFiles(platform.volume('OS'), files);
  const windows = { name: 'OS', role: 'primary', device: 'x', number: 1, startBytes: 0, bytes: 0, fileSystem: 'ntfs' };
  const variables = new Variables();
  variables.set('Name', 'A & B');
  const context = {
    platform,
    variables,
    machine: aMachine(),
    medium: { ...(await platform.findMedium(manifest.id)), manifest },
    state: { target: { windows } },
    images: [{ ...IMAGE, ...(architecture !== undefined && { architecture }) }],
    signal: new AbortController().signal,
    progress: () => () => undefined,
    log: () => undefined,
  } as unknown as StepContext;
  const read = (path: string) => readFile(join(platform.volume('OS'), path), 'utf8');
  return { context, read };
}

describe('setup-windows', () => {
  it('puts the runtime and the script that starts it into the applied Windows', async () => {
    const { context, read } = await applied({
      'Windows/Panther/unattend.xml': ANSWERS,
      'Windows/Setup/Scripts/SetupComplete.cmd': 'echo of the image',
    });
    await runSetupWindows({}, context);
    expect(await read('_SMSTaskSequence/bin/mediasmith.exe')).toBe('for x64');
    expect(await read('Windows/Setup/Scripts/SetupComplete.cmd')).toContain('mediasmith.exe" resume');
    expect(await read('Windows/Setup/Scripts/SetupComplete-before.cmd')).toBe('echo of the image');
    expect(await read('Windows/Panther/unattend.xml')).toContain('A &amp; B %SystemDrive%');
  });

  it('leaves the address of a medium that a web server has, and of no other', async () => {
    const { context, read } = await applied({ 'Windows/Panther/unattend.xml': ANSWERS });
    await runSetupWindows({}, context);
    await expect(read('_SMSTaskSequence/medium')).rejects.toThrow('ENOENT');
    const address = 'http://server/media/one/';
    await runSetupWindows({}, { ...context, medium: { ...context.medium, address } });
    expect(await read('_SMSTaskSequence/medium')).toBe(address);
  });

  it('takes the runtime by the architecture of the image', async () => {
    const { context, read } = await applied({ 'Windows/Panther/unattend.xml': ANSWERS }, RUNTIMES, 'arm64');
    await runSetupWindows({}, context);
    expect(await read('_SMSTaskSequence/bin/mediasmith.exe')).toBe('for arm64');
  });

  it('writes nothing without an answer file, with a broken one, or without a runtime', async () => {
    const none = await applied({});
    await expect(runSetupWindows({}, none.context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      hint: expect.stringContaining('apply-windows-settings'),
    });
    const broken = await applied({ 'Windows/Panther/unattend.xml': '<unattend><settings></unattend>' });
    await expect(runSetupWindows({}, broken.context)).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    const old = await applied({ 'Windows/Panther/unattend.xml': ANSWERS }, {});
    await expect(runSetupWindows({}, old.context)).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
    for (const { read } of [none, broken, old]) {
      await expect(read('_SMSTaskSequence/bin/mediasmith.exe')).rejects.toThrow('ENOENT');
      await expect(read('Windows/Setup/Scripts/SetupComplete.cmd')).rejects.toThrow('ENOENT');
    }
  });
});
