import { describe, expect, test } from 'vitest';
import type { BcdObject } from '../../../../runtime/hive/bcd-elements.ts';
import {
  bootManagerObject,
  loaderObject,
  memoryTesterObject,
  resumeObject,
} from '../../../../runtime/hive/bcd-objects.ts';
import type { StorePlan } from '../../../../runtime/hive/bcd-plan.ts';
import { settingsObjects } from '../../../../runtime/hive/bcd-settings.ts';

const BINARY_LENGTHS: Record<number, number> = { 5: 8, 6: 1, 7: 8 };
const plan = (uefi: boolean): StorePlan => ({
  uefi,
  bootDevice: Uint8Array.of(1),
  windowsDevice: Uint8Array.of(2),
  loader: '{10000000-0000-0000-0000-000000000001}',
  resume: '{10000000-0000-0000-0000-000000000002}',
  locale: 'de-DE',
  description: 'Windows 11',
  timeoutSeconds: 0,
});
const objects = (uefi: boolean): BcdObject[] => [
  bootManagerObject(plan(uefi)),
  loaderObject(plan(uefi)),
  resumeObject(plan(uefi)),
  memoryTesterObject(plan(uefi)),
  ...settingsObjects(),
];
const ids = (object: BcdObject) => object.elements.map(({ id }) => id.toString(16));
const textOf = (object: BcdObject, id: number) => object.elements.find((element) => element.id === id)?.value.data;

describe.each([true, false])('UEFI %s', (uefi) => {
  test('every value is of the kind that the format nibble of its number asks for', () => {
    for (const { id, value } of objects(uefi).flatMap((object) => object.elements)) {
      const format = (id >>> 24) & 0xf;
      const kind = { 1: 'BINARY', 2: 'SZ', 3: 'SZ', 4: 'MULTI_SZ', 5: 'BINARY', 6: 'BINARY', 7: 'BINARY' }[format];
      expect(value.type, id.toString(16)).toBe(kind);
      const length = BINARY_LENGTHS[format];
      if (length !== undefined) expect(value.data, id.toString(16)).toHaveLength(length);
    }
  });

  test('every object an element names is in the store', () => {
    const known = objects(uefi).map(({ guid }) => `{${guid.replace(/[{}]/g, '')}}`);
    const named = objects(uefi)
      .flatMap((object) => object.elements)
      .filter(({ id }) => [3, 4].includes((id >>> 24) & 0xf))
      .flatMap(({ value }) => value.data);
    expect(named.length).toBeGreaterThan(10);
    for (const guid of named) expect(known).toContain(guid);
  });
});

test('the boot manager has a path under UEFI only', () => {
  expect(textOf(bootManagerObject(plan(true)), 0x12000002)).toBe('\\EFI\\Microsoft\\Boot\\bootmgfw.efi');
  expect(ids(bootManagerObject(plan(false)))).not.toContain('12000002');
});

test('the loader and the resume loader have the firmware’s program and, under UEFI, an isolated context', () => {
  expect(textOf(loaderObject(plan(true)), 0x12000002)).toBe('\\Windows\\system32\\winload.efi');
  expect(textOf(loaderObject(plan(false)), 0x12000002)).toBe('\\Windows\\system32\\winload.exe');
  expect(textOf(resumeObject(plan(false)), 0x12000002)).toBe('\\Windows\\system32\\winresume.exe');
  expect(ids(loaderObject(plan(true)))).toContain('16000060');
  expect(ids(loaderObject(plan(false)))).not.toContain('16000060');
  expect(ids(resumeObject(plan(false)))).toContain('26000006');
});

test('the loader starts from the Windows partition, the memory tester from the boot partition', () => {
  expect(textOf(loaderObject(plan(true)), 0x11000001)).toEqual(Uint8Array.of(2));
  expect(textOf(loaderObject(plan(true)), 0x21000001)).toEqual(Uint8Array.of(2));
  expect(textOf(memoryTesterObject(plan(true)), 0x11000001)).toEqual(Uint8Array.of(1));
  expect(textOf(memoryTesterObject(plan(false)), 0x12000002)).toBe('\\boot\\memtest.exe');
});
