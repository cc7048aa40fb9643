import { expect, test } from 'vitest';
import type { BootStore } from '../../../../../builder/boot/winpe/boot-store.ts';
import { bootStoreProblems } from '../../../../../builder/boot/winpe/boot-store-check.ts';

const LOADER = '{7619dcc9-fafe-11d9-b411-000476eba25f}';
const OPTIONS = '{7619dcc8-fafe-11d9-b411-000476eba25f}';
const BOOT = { type: 'boot' } as const;
const DEVICE = { type: 'ramdisk', parent: BOOT, path: '\\sources\\boot.wim', options: OPTIONS } as const;
const ENTRY = { id: LOADER, path: '\\windows\\system32\\boot\\winload.efi', device: DEVICE, winPe: true };
const STORE: BootStore = {
  default: LOADER,
  entries: [ENTRY],
  ramdisks: [{ id: OPTIONS, sdiDevice: BOOT, sdiPath: '\\boot\\boot.sdi' }],
};
const FILES = ['sources/boot.wim', 'boot/boot.sdi'];
const medium = (files: readonly string[], firmware: 'uefi' | 'bios' = 'uefi') => ({
  firmware,
  has: (path: string) => files.includes(path),
});

test('a store whose files are on the medium has no problem', () => {
  expect(bootStoreProblems(STORE, medium(FILES))).toEqual([]);
});

test.each<[string, BootStore, string[]]>([
  ['no default', { entries: [], ramdisks: [] }, ['the boot manager has no default entry']],
  [
    'a default that is not there',
    { ...STORE, entries: [] },
    [`the default entry ${LOADER} is not a Windows loader of this store`],
  ],
  [
    'Windows on a partition',
    { ...STORE, entries: [{ ...ENTRY, device: { type: 'partition' }, winPe: false }] },
    ['the default entry does not say that it starts WinPE', 'the default entry does not start a WIM file'],
  ],
  [
    'a WIM on a certain disk',
    { ...STORE, entries: [{ ...ENTRY, device: { ...DEVICE, parent: { type: 'partition' } } }] },
    ['the WIM file is looked for on a certain disk, and not on the medium'],
  ],
  ['no options for the ramdisk', { ...STORE, ramdisks: [] }, [`the ramdisk options ${OPTIONS} are not in the store`]],
  [
    'options that name no file',
    { ...STORE, ramdisks: [{ id: OPTIONS, sdiDevice: BOOT }] },
    ['the store does not say where the SDI file is'],
  ],
  [
    'no loader',
    { ...STORE, entries: [{ id: LOADER, device: DEVICE, winPe: true }] },
    ['the default entry names no loader'],
  ],
])('%s', (_name, store, problems) => {
  expect(bootStoreProblems(store, medium(FILES))).toEqual(problems);
});

test('files that are not on the medium are named', () => {
  expect(bootStoreProblems(STORE, medium([]))).toEqual([
    'the WIM file \\sources\\boot.wim is not on the medium',
    'the SDI file \\boot\\boot.sdi is not on the medium',
  ]);
});

test('the store of the other firmware', () => {
  expect(bootStoreProblems(STORE, medium(FILES, 'bios'))).toEqual([
    'the default entry starts \\windows\\system32\\boot\\winload.efi, and a store for BIOS needs a loader that ends in .exe',
  ]);
});
