import { describe, expect, test } from 'vitest';
import { EDITIONS } from '../../../../builder/demo/editions.ts';
import { type ImageEntry, sizeOf } from '../../../../builder/demo/image-entry.ts';
import { imageKey } from '../../../../builder/demo/image-key.ts';
import { editionFiles, FULL_SIZE, planImage } from '../../../../builder/demo/image-plan.ts';

const [pro, home] = EDITIONS;
const isFile = (entry: ImageEntry) => entry.kind === 'file' || entry.kind === 'hard-link';
const bytes = (plan: readonly ImageEntry[]) =>
  plan.reduce((sum, entry) => sum + (entry.kind === 'file' ? sizeOf(entry.content) : 0), 0);

describe.each([
  ['full', FULL_SIZE],
  ['small', { files: 200, bytes: 5_000_000 }],
])('the %s plan', (_name, size) => {
  const plan = planImage(size, pro);

  test('is as large as asked for, within a tenth', () => {
    expect(Math.abs(plan.filter(isFile).length / size.files - 1)).toBeLessThan(0.1);
    expect(Math.abs(bytes(plan) / size.bytes - 1)).toBeLessThan(0.1);
  });

  test('names nothing twice, whatever the case', () => {
    const paths = plan.map(({ path }) => path.toLowerCase());
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('puts a folder before what it holds and a file before its second name', () => {
    const place = new Map(plan.map(({ path }, index) => [path, index]));
    for (const [index, entry] of plan.entries()) {
      const folder = entry.path.split('/').slice(0, -1).join('/') || '.';
      if (isFile(entry)) expect(place.get(folder), entry.path).toBeLessThan(index);
      if (entry.kind === 'hard-link') expect(place.get(entry.target), entry.path).toBeLessThan(index);
    }
  });
});

test('has what a deployment looks for', () => {
  const paths = planImage({ files: 200, bytes: 5_000_000 }, pro).map(({ path }) => path);
  for (const path of [
    'Windows/System32/config/SYSTEM',
    'Windows/System32/config/SOFTWARE',
    'Windows/Boot/EFI/bootmgfw.efi',
    'Windows/Boot/EFI/en-US/bootmgfw.efi.mui',
    'Windows/Boot/PCAT/bootmgr',
    'Windows/Boot/PCAT/bootnxt',
    'Windows/Boot/Resources/bootres.dll',
    'Windows/System32/Recovery/Winre.wim',
    'Windows/System32/winload.efi',
    'Users/Default/NTUSER.DAT',
  ]) {
    expect(paths).toContain(path);
  }
});

test('the editions differ in their own files and in nothing else', () => {
  const size = { files: 200, bytes: 5_000_000 };
  const own = editionFiles(home).map(({ path }) => path);
  const content = (entry: ImageEntry) =>
    entry.kind === 'file' && entry.content.from === 'bytes' ? Buffer.from(entry.content.bytes).toString('hex') : entry;
  const others = (plan: readonly ImageEntry[]) =>
    plan.filter(({ path, kind }) => kind !== 'folder' && !own.includes(path)).map(({ path }) => path);
  expect(others(planImage(size, pro))).toEqual(others(planImage(size, home)));
  const software = (edition: typeof pro) =>
    editionFiles(edition)
      .filter(({ path }) => path.endsWith('/SOFTWARE'))
      .map(content);
  expect(software(pro)).not.toEqual(software(home));
});

test('the key changes with the plan and with nothing else', () => {
  const size = { files: 200, bytes: 5_000_000 };
  expect(imageKey(planImage(size, pro))).toBe(imageKey(planImage(size, pro)));
  expect(imageKey(planImage(size, pro))).not.toBe(imageKey(planImage(size, home)));
  expect(imageKey(planImage(size, pro))).not.toBe(imageKey(planImage({ ...size, bytes: 5_100_000 }, pro)));
});
