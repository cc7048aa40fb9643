import { expect, it } from 'vitest';
import { readMachine } from '../../../../../runtime/platform/linux/machine.ts';
import { kernelTree } from '../../../../helpers/kernel-tree.ts';

const SECURE_BOOT = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

async function machine(files: Record<string, string | Uint8Array>) {
  return readMachine(await kernelTree([], files), undefined);
}

it('reads what the firmware and the kernel say', async () => {
  expect(
    await machine({
      'sys/class/dmi/id/sys_vendor': 'Stand-in Inc.\n',
      'sys/class/dmi/id/product_name': 'Model 1 \n',
      'sys/class/dmi/id/product_serial': 'SN1\n',
      'sys/class/dmi/id/product_uuid': '11111111-2222-3333-4444-555555555555\n',
      'sys/class/dmi/id/chassis_asset_tag': 'A7\n',
      [SECURE_BOOT]: new Uint8Array([6, 0, 0, 0, 1]),
      'proc/meminfo': 'MemTotal:        8000000 kB\nMemFree: 1 kB\n',
      'proc/cpuinfo': 'processor : 0\ncpu MHz\t\t: 799.998\n\nprocessor : 1\ncpu MHz\t\t: 2400.5\n',
      'sys/class/net/lo/address': '00:00:00:00:00:00\n',
      'sys/class/net/eth0/address': '52:54:00:ab:cd:ef\n',
      'sys/class/net/sit0/x': '',
      'sys/bus/pci/devices/0000:00:02.0/vendor': '0x8086\n',
      'sys/bus/pci/devices/0000:00:02.0/device': '0x46a6\n',
      'sys/bus/pci/devices/0000:00:02.0/subsystem_vendor': '0x17aa\n',
      'sys/bus/pci/devices/0000:00:02.0/subsystem_device': '0x22e7\n',
      'sys/bus/pci/devices/0000:00:02.0/revision': '0x0c\n',
      'sys/bus/usb/devices/1-1/idVendor': '046d\n',
      'sys/bus/usb/devices/1-1/idProduct': 'c52b\n',
      'sys/bus/usb/devices/1-1:1.0/bInterfaceClass': '03\n',
    }),
  ).toEqual({
    make: 'Stand-in Inc.',
    model: 'Model 1',
    serial: 'SN1',
    uuid: '11111111-2222-3333-4444-555555555555',
    assetTag: 'A7',
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    firmware: 'uefi',
    secureBoot: true,
    memoryBytes: 8_192_000_000,
    processorMegahertz: 2401,
    onBattery: false,
    macAddresses: ['52:54:00:AB:CD:EF'],
    deviceIds: ['PCI\\VEN_8086&DEV_46A6&SUBSYS_22E717AA&REV_0C', 'USB\\VID_046D&PID_C52B'],
    disks: [],
  });
});

it('does with nothing: a machine that says nothing of itself', async () => {
  expect(await machine({})).toMatchObject({
    make: '',
    firmware: 'bios',
    secureBoot: false,
    memoryBytes: 0,
    processorMegahertz: 0,
  });
});

it('takes the rated speed before the one of the moment', async () => {
  const rated = { 'sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq': '4200000\n' };
  expect(await machine({ ...rated, 'proc/cpuinfo': 'cpu MHz : 800.0\n' })).toMatchObject({ processorMegahertz: 4200 });
});

it('tells Secure Boot that is off from Secure Boot that is on', async () => {
  expect((await machine({ [SECURE_BOOT]: new Uint8Array([6, 0, 0, 0, 0]) })).secureBoot).toBe(false);
});

it.each<[string, Record<string, string>, boolean]>([
  ['a desktop', {}, false],
  [
    'a notebook on its battery',
    { 'AC/type': 'Mains', 'AC/online': '0', 'BAT0/type': 'Battery', 'BAT0/status': 'Discharging' },
    true,
  ],
  [
    'a notebook at the mains',
    { 'AC/type': 'Mains', 'AC/online': '1', 'BAT0/type': 'Battery', 'BAT0/status': 'Discharging' },
    false,
  ],
  ['a notebook charged by USB', { 'BAT0/type': 'Battery', 'BAT0/status': 'Charging' }, false],
  ['a desktop with a wireless mouse', { 'm/type': 'Battery', 'm/status': 'Discharging', 'm/scope': 'Device' }, false],
])('%s', async (_, supplies, onBattery) => {
  const files = Object.entries(supplies).map(([path, value]) => [`sys/class/power_supply/${path}`, `${value}\n`]);
  expect((await machine(Object.fromEntries(files))).onBattery).toBe(onBattery);
});
