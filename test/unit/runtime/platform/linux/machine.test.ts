import { expect, it } from 'vitest';
import { readMachine } from '../../../../../runtime/platform/linux/machine.ts';
import type { NetworkState } from '../../../../../runtime/platform/linux/network-adapters.ts';
import { kernelTree } from '../../../../helpers/kernel-tree.ts';

const SECURE_BOOT = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

const NETWORK: NetworkState = {
  interfaces: () => ({
    eth0: [
      {
        address: '192.0.2.7',
        netmask: '255.255.255.0',
        family: 'IPv4',
        mac: '52:54:00:ab:cd:ef',
        internal: false,
        cidr: '192.0.2.7/24',
      },
      {
        address: 'fe80::1',
        netmask: 'ffff:ffff:ffff:ffff::',
        family: 'IPv6',
        mac: '52:54:00:ab:cd:ef',
        internal: false,
        cidr: 'fe80::1/64',
        scopeid: 2,
      },
    ],
  }),
  dnsServers: () => ['192.0.2.1'],
};

async function machine(files: Record<string, string | Uint8Array>) {
  return readMachine(await kernelTree([], files), [], NETWORK);
}

it('reads what the firmware and the kernel say', async () => {
  expect(
    await machine({
      'sys/class/dmi/id/sys_vendor': 'Stand-in Inc.\n',
      'sys/class/dmi/id/product_name': 'Model 1 \n',
      'sys/class/dmi/id/product_serial': 'SN1\n',
      'sys/class/dmi/id/product_uuid': '11111111-2222-3333-4444-555555555555\n',
      'sys/class/dmi/id/chassis_asset_tag': 'A7\n',
      'sys/class/dmi/id/chassis_type': '10\n',
      'sys/class/dmi/id/product_sku': 'SKU-1\n',
      'sys/class/dmi/id/product_family': 'Family 1\n',
      'sys/class/dmi/id/product_version': 'v1\n',
      'sys/class/dmi/id/bios_vendor': 'Firmware maker\n',
      'sys/class/dmi/id/bios_version': '1.2.3\n',
      'sys/class/dmi/id/bios_date': '03/07/2024\n',
      'sys/class/dmi/id/board_vendor': 'Board maker\n',
      'sys/class/dmi/id/board_name': 'Board 7\n',
      'sys/class/dmi/id/board_serial': 'B-77\n',
      'sys/class/dmi/id/board_version': 'r2\n',
      'sys/class/tpm/tpm0/tpm_version_major': '2\n',
      'sys/class/power_supply/BAT0/type': 'Battery\n',
      'sys/class/power_supply/BAT0/model_name': 'Battery 4\n',
      'sys/class/power_supply/BAT0/capacity': '80\n',
      'sys/class/power_supply/mouse/type': 'Battery\n',
      'sys/class/power_supply/mouse/scope': 'Device\n',
      [SECURE_BOOT]: new Uint8Array([6, 0, 0, 0, 1]),
      'proc/meminfo': 'MemTotal:        8000000 kB\nMemFree: 1 kB\n',
      'proc/cpuinfo':
        'processor : 0\nvendor_id : GenuineIntel\nmodel name : Chip 8\ncpu MHz\t\t: 799.998\n\nprocessor : 1\ncpu MHz\t\t: 2400.5\n',
      'proc/net/route': 'Iface\tDestination\tGateway\neth0\t00000000\t010200C0\t0003\neth0\t000200C0\t00000000\t0001\n',
      'sys/class/net/lo/address': '00:00:00:00:00:00\n',
      'sys/class/net/lo/type': '772\n',
      'sys/class/net/eth0/address': '52:54:00:ab:cd:ef\n',
      'sys/class/net/eth0/type': '1\n',
      'sys/class/net/eth0/carrier': '1\n',
      'sys/class/net/eth0/device/uevent': 'DRIVER=e1000e\nPCI_CLASS=20000\n',
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
    sku: 'SKU-1',
    family: 'Family 1',
    systemVersion: 'v1',
    bios: { vendor: 'Firmware maker', version: '1.2.3', date: '2024-03-07' },
    baseBoard: { manufacturer: 'Board maker', product: 'Board 7', serial: 'B-77', version: 'r2' },
    chassisTypes: [10],
    processors: [{ name: 'Chip 8', manufacturer: 'GenuineIntel', cores: 2, logicalProcessors: 2, megahertz: 2401 }],
    batteries: [{ name: 'Battery 4', chargePercent: 80 }],
    tpm: { specVersion: '2.0', enabled: true, activated: true },
    networkAdapters: [
      {
        name: 'eth0',
        description: 'e1000e',
        mac: '52:54:00:AB:CD:EF',
        connected: true,
        wired: true,
        dhcp: true,
        addresses: ['192.0.2.7', 'fe80::1'],
        subnetMasks: ['255.255.255.0', '64'],
        gateways: ['192.0.2.1'],
        dnsServers: ['192.0.2.1'],
      },
    ],
  });
});

it('does with nothing: a machine that says nothing of itself', async () => {
  expect(await machine({})).toMatchObject({
    make: '',
    firmware: 'bios',
    secureBoot: false,
    memoryBytes: 0,
    processorMegahertz: 0,
    sku: '',
    bios: { vendor: '', version: '', date: '' },
    chassisTypes: [],
    processors: [],
    batteries: [],
    networkAdapters: [],
  });
});

it('tells a wireless adapter from a wired one, and one without a link', async () => {
  const { networkAdapters } = await machine({
    'sys/class/net/wlan0/address': '02:00:00:00:00:02\n',
    'sys/class/net/wlan0/type': '1\n',
    'sys/class/net/wlan0/carrier': '0\n',
    'sys/class/net/wlan0/wireless/status': '0\n',
  });
  expect(networkAdapters).toMatchObject([
    { name: 'wlan0', wired: false, connected: false, addresses: [], dnsServers: [] },
  ]);
});

it.each([
  [{}, undefined],
  [
    { tpm_version_major: '1', 'device/enabled': '1', 'device/active': '0' },
    { enabled: true, activated: false },
  ],
  [{ 'device/enabled': '0' }, { specVersion: '1.2', enabled: false, activated: false }],
])('a TPM that says %j', async (attributes, tpm) => {
  const files = Object.entries(attributes).map(([name, value]) => [`sys/class/tpm/tpm0/${name}`, `${value}\n`]);
  const found = (await machine(Object.fromEntries(files))).tpm;
  if (tpm === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(tpm);
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
