import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const START = { keyboardLayout: '0407:00000407', drivers: ['drivers/nic'] };

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
  await writeFiles(winpe.boot, { 'mediasmith/drivers/nic/nic.inf': '' });
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

function sequence(style: 'gpt' | 'mbr') {
  return {
    formatVersion: 1,
    id: style,
    name: `Deploy ${style}`,
    steps: [
      { step: 'check-readiness', memory: '1 GB' },
      { step: 'format-and-partition-disk', style },
      { step: 'apply-operating-system', image: 'windows', locale: 'de-DE' },
      { step: 'apply-driver-package', package: 'tools' },
      { step: 'restart-computer' },
    ],
  };
}

it.each(['gpt', 'mbr'] as const)('a whole installation onto a disk that becomes %s', async (style) => {
  await winpe.begin({ sequences: [sequence(style)], start: START });
  expect(await winpe.run()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await winpe.calls()).toMatchFileSnapshot(`golden/install-${style}.txt`);
  expect(await winpe.said('warning')).toEqual([]);
  expect(await winpe.claim()).toBe('');
  const volume = (letter: string) => winpe.wine.drive(letter);
  expect(await readFile(join(await volume('R'), 'Recovery/WindowsRE/Winre.wim'), 'utf8')).toBe('recovery');
  expect(await readFile(join(await volume('W'), 'Windows/Logs/Mediasmith/smsts.log'), 'utf8')).toContain(
    `Deploy ${style}`,
  );
});

it('logical and hidden volumes are made, and Windows goes onto one of them', async () => {
  const volumes = [
    { type: 'primary', name: 'System', size: '100 MB', bootable: true },
    { type: 'extended', size: 'rest' },
    { type: 'logical', name: 'Windows', size: '75%' },
    { type: 'logical', name: 'Data', size: 'rest', fileSystem: 'none' },
    { type: 'hidden', name: 'Tools', size: '500 MB' },
  ];
  const steps = [
    { step: 'format-and-partition-disk', style: 'mbr', volumes },
    { step: 'apply-operating-system', image: 'windows', locale: 'de-DE' },
    { step: 'restart-computer' },
  ];
  await winpe.begin({ sequences: [{ formatVersion: 1, id: 'logical', name: 'Deploy', steps }], start: START });
  expect(await winpe.run()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/install-logical.txt');
  expect(await winpe.said('warning')).toEqual([]);
  expect(await winpe.claim()).toBe('');
});
