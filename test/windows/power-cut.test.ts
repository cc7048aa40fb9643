import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEDIUM_ID } from '../helpers/fake-medium.ts';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const SEQUENCE = {
  formatVersion: 1,
  id: 'it',
  name: 'It',
  steps: [
    { step: 'format-and-partition-disk', style: 'gpt', disk: { empty: true } },
    { step: 'apply-operating-system', image: 'windows' },
  ],
};

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

it('a power cut while the image is applied: the disk starts nothing, and the same medium takes it again', async () => {
  await winpe.begin({ sequences: [SEQUENCE] }, { dism: { ...APPLIED, waitsFor: 'X:\\never' } });
  const cut = winpe.run();
  await expect.poll(() => winpe.calls(), { timeout: 30_000 }).toContain('dism');
  await winpe.wine.cutPower();
  await cut;
  expect(await winpe.log()).not.toContain('Run ');
  expect(await winpe.calls()).toMatch(/dism .*\n$/);
  expect(await winpe.claim()).toContain(MEDIUM_ID);

  await winpe.startAgain();
  expect(await winpe.run()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.log()).toContain('"unfinished":true');
  expect(await winpe.calls()).toMatch(/clean[\s\S]*bcdboot [\s\S]*wpeutil reboot\n$/);
  expect(await winpe.claim()).toBe('');
});

it('a power cut after everything is done but the claim: as if it had not begun', async () => {
  await winpe.begin({ sequences: [SEQUENCE] }, { bcdedit: { waitsFor: 'X:\\never' } });
  const cut = winpe.run();
  await expect.poll(() => winpe.calls(), { timeout: 30_000 }).toContain('bcdedit');
  await winpe.wine.cutPower();
  await cut;
  expect(await winpe.log()).not.toContain('Run ');
  expect(await winpe.claim()).toContain(MEDIUM_ID);

  await winpe.startAgain();
  expect((await winpe.run()).exitCode).toBe(0);
  expect(await winpe.claim()).toBe('');
});
