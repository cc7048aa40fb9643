import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startsWith } from '../helpers/wine-firmware.ts';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const NOTE = (text: string) => ({ step: 'run-command-line', command: ['X:\\Windows\\System32\\powercfg.exe', text] });

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
  // Wine finds no drive that is promised after its start.
  await winpe.wine.promiseDrive('Z');
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

it('from BIOS to UEFI: the run begun in the one goes on in the other, whose boot files the disk gets', async () => {
  const steps = [
    { step: 'format-and-partition-disk', style: 'gpt' },
    { ...NOTE('turns UEFI on'), condition: { variable: '_SMSTSBootUEFI', value: 'false' } },
    { step: 'restart-computer', target: 'winpe' },
    NOTE('UEFI: %_SMSTSBootUEFI%'),
    { step: 'check-readiness', firmware: 'uefi' },
    { step: 'apply-operating-system', image: 'windows' },
  ];
  const before = NOTE('UEFI: %_SMSTSBootUEFI%');
  await winpe.begin({ sequences: [{ formatVersion: 2, id: 'it', name: 'It', steps: [before, ...steps] }] });
  await startsWith('bios', winpe.wine);
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.log()).toContain('firmware bios');
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/firmware-bios.txt');

  for (const letter of ['W', 'R']) {
    const drive = await winpe.wine.promiseDrive(letter);
    await rename(drive, `${drive}-without-letter`);
  }
  await winpe.stubs.forget();
  await winpe.stubs.plan({ dism: [APPLIED], diskpart: [{ moved: { S: 'Z' }, drives: ['W', 'R'] }] });
  await startsWith('uefi', winpe.wine);
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.log()).toContain('firmware uefi');
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/firmware-uefi.txt');
  expect(await winpe.said('error')).toEqual([]);
  expect(await winpe.claim()).toBe('');
});
