import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectAccelerator } from '../../../../builder/boot-test/accelerator.ts';

let folder: string;
let device: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  device = join(folder, 'kvm');
  await writeFile(device, '');
});

afterEach(() => rm(folder, { recursive: true }));

describe('detectAccelerator', () => {
  it.each([
    ['Intel', 'flags\t\t: fpu vmx smx', 'kvm'],
    ['AMD', 'flags\t\t: fpu svm', 'kvm'],
    ['a processor without virtualisation', 'flags\t\t: fpu hypervisor', 'tcg'],
    ['another word in another line', 'flags\t\t: fpu\nvmx flags\t: vnmi', 'tcg'],
  ])('sees %s', async (_, text, expected) => {
    expect(await detectAccelerator(await cpuinfo(text), device)).toBe(expected);
  });

  it('emulates where the device is not there', async () => {
    expect(await detectAccelerator(await cpuinfo('flags : vmx'), join(folder, 'none'))).toBe('tcg');
  });

  it('emulates where nothing tells of the processor', async () => {
    expect(await detectAccelerator(join(folder, 'none'), device)).toBe('tcg');
  });
});

async function cpuinfo(text: string): Promise<string> {
  const path = join(folder, 'cpuinfo');
  await writeFile(path, `processor\t: 0\n${text}\n`);
  return path;
}
