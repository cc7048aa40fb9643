import { cpus } from 'node:os';
import { expect, it } from 'vitest';
import { parseSmbios } from '../../../../../runtime/native/smbios.ts';
import { startTheSameNext } from '../../../../../runtime/platform/win32/boot-next.ts';
import { batteriesOf, processorsOf, tpmOf } from '../../../../../runtime/platform/win32/hardware.ts';
import { fakeRegistry } from '../../../../helpers/fake-registry.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';

const NOTHING = parseSmbios(Buffer.alloc(0));
const PROCESSOR = 'HKEY_LOCAL_MACHINE\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0';
const NAMED = fakeRegistry({
  [PROCESSOR]: { ProcessorNameString: 'Chip 8  ', VendorIdentifier: 'GenuineIntel' },
});
const SOCKET = { name: 'Board text', manufacturer: 'Chip maker', cores: 8, logicalProcessors: 16, megahertz: 2800 };

it('gives the processors of SMBIOS the names Windows has for them', () => {
  const smbios = { ...NOTHING, processors: [SOCKET, SOCKET] };
  const named = { ...SOCKET, name: 'Chip 8', manufacturer: 'GenuineIntel', megahertz: 2904 };
  expect(processorsOf(fakeWin32({}, NAMED), smbios, 2904)).toEqual([named, named]);
  expect(processorsOf(fakeWin32(), smbios, 0)).toEqual([SOCKET, SOCKET]);
});

it('has one processor where SMBIOS has none', () => {
  expect(processorsOf(fakeWin32({}, NAMED), NOTHING, 2904)).toEqual([
    { name: 'Chip 8', manufacturer: 'GenuineIntel', cores: 0, logicalProcessors: cpus().length, megahertz: 2904 },
  ]);
});

it.each([
  [['Battery 4'], 80, [{ name: 'Battery 4', chargePercent: 80 }]],
  [[], 80, [{ name: '', chargePercent: 80 }]],
  [['Battery 4'], undefined, []],
])('of the batteries %j at %s percent there are %j', (batteryNames, percent, batteries) => {
  const win32 = fakeWin32({}, { batteryPercent: () => percent });
  expect(batteriesOf(win32, { ...NOTHING, batteryNames })).toEqual(batteries);
});

it.each([
  ['2.0', { specVersion: '2.0', enabled: true, activated: true }],
  ['1.2', { specVersion: '1.2', enabled: false, activated: false }],
  [undefined, undefined],
] as const)('a TPM of version %s', (version, tpm) => {
  expect(tpmOf(fakeWin32({}, { tpmVersion: () => version }))).toEqual(tpm);
});

it.each([
  [Buffer.from([3, 0]), true, ['BootNext 0300']],
  [undefined, false, []],
])('has the firmware start the same entry next: %s', (current, done, expected) => {
  const written: string[] = [];
  const win32 = fakeWin32(
    {},
    {
      firmwareVariable: (name) => (name === 'BootCurrent' ? current : undefined),
      setFirmwareVariable: (name, _guid, value) => written.push(`${name} ${Buffer.from(value).toString('hex')}`) > 0,
    },
  );
  expect(startTheSameNext(win32)).toBe(done);
  expect(written).toEqual(expected);
});
