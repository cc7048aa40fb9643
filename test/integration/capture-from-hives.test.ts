import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { volumeFiles } from '../../runtime/platform/volume-files.ts';
import { runCaptureWindowsSettings } from '../../runtime/steps/capture-windows-settings/run.ts';
import { ROOT } from '../helpers/sources.ts';
import { DISK } from '../unit/runtime/steps/captured-disk.ts';
import { stepContext } from '../unit/runtime/steps/step-context.ts';

const HIVES = join(ROOT, '../shared/data/hives');

/** Of a Windows whose hives are both this file. */
async function capturedFrom(name: string) {
  const { context, platform, variables } = await stepContext({ name: 'linux' });
  platform.installed = [DISK];
  const files = volumeFiles(platform.volume('Windows'));
  const bytes = await readFile(join(HIVES, name));
  for (const hive of ['SOFTWARE', 'SYSTEM']) await files.write(`Windows/System32/config/${hive}`, bytes);
  await runCaptureWindowsSettings({ computerName: true, registrationInfo: true, timeZone: true }, context);
  return variables.get('OSDComputerName');
}

it.skipIf(!existsSync(HIVES))("takes the computer's name out of a hive that Windows has written", async () => {
  expect(await capturedFrom('System_Delta')).toBe('D59F6865D8A6');
});

it.skipIf(!existsSync(HIVES))('makes nothing of hives that say nothing or are damaged, and no error', async () => {
  const names = (await readdir(HIVES)).filter((name) => name !== 'System_Delta');
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) expect.soft([name, await capturedFrom(name)]).toEqual([name, undefined]);
});
