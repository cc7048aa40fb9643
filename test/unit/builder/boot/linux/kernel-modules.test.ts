import { describe, expect, it } from 'vitest';
import { moduleName, selectModules } from '../../../../../builder/boot/linux/kernel-modules.ts';
import { NETWORK_CARDS } from '../../../../../builder/boot/linux/network-modules.ts';

const DEPENDENCIES = [
  'kernel/drivers/scsi/sd_mod.ko.xz: kernel/drivers/scsi/scsi_mod.ko.xz',
  'kernel/drivers/scsi/scsi_mod.ko.xz:',
  'kernel/drivers/scsi/lpfc/lpfc.ko.xz: kernel/drivers/scsi/scsi_transport_fc.ko.xz',
  'kernel/drivers/scsi/scsi_transport_fc.ko.xz:',
  'kernel/drivers/scsi/hv_storvsc.ko.xz: kernel/drivers/scsi/scsi_transport_fc.ko.xz kernel/drivers/hv/hv_vmbus.ko.xz',
  'kernel/drivers/hv/hv_vmbus.ko.xz:',
  'kernel/drivers/usb/host/ohci-pci.ko.xz: kernel/drivers/usb/core/usbcore.ko.xz',
  'kernel/drivers/usb/host/ehci-pci.ko.xz: kernel/drivers/usb/core/usbcore.ko.xz',
  'kernel/drivers/usb/core/usbcore.ko.xz:',
  'kernel/drivers/net/ethernet/intel/e1000/e1000.ko.xz:',
  'kernel/lib/libcrc32c.ko.xz:',
  'kernel/crypto/crc32c.ko.xz:',
  'kernel/fs/udf/udf.ko.xz: kernel/lib/libcrc32c.ko.xz',
  '',
].join('\n');

describe('selectModules', () => {
  it('takes what the lists want with everything it depends on, and nothing else', () => {
    expect(selectModules(DEPENDENCIES, '# Soft dependencies\nsoftdep libcrc32c pre: crc32c\n')).toEqual([
      'kernel/crypto/crc32c.ko',
      'kernel/drivers/hv/hv_vmbus.ko',
      'kernel/drivers/scsi/hv_storvsc.ko',
      'kernel/drivers/scsi/scsi_mod.ko',
      'kernel/drivers/scsi/scsi_transport_fc.ko',
      'kernel/drivers/scsi/sd_mod.ko',
      'kernel/drivers/usb/core/usbcore.ko',
      'kernel/drivers/usb/host/ehci-pci.ko',
      'kernel/drivers/usb/host/ohci-pci.ko',
      'kernel/fs/udf/udf.ko',
      'kernel/lib/libcrc32c.ko',
    ]);
  });

  it('follows soft dependencies only where they are known', () => {
    expect(selectModules(DEPENDENCIES, '')).not.toContain('kernel/crypto/crc32c.ko');
    expect(selectModules('kernel/fs/udf/udf.ko:\n', 'softdep udf pre: not-here post: nor_here\n')).toEqual([
      'kernel/fs/udf/udf.ko',
    ]);
  });
});

it('takes network cards only where they are asked for', () => {
  const card = 'kernel/drivers/net/ethernet/intel/e1000/e1000.ko';
  expect(NETWORK_CARDS.every((pattern) => /^drivers\/net\/[\w*/-]+$/.test(pattern))).toBe(true);
  expect(selectModules(DEPENDENCIES, '')).not.toContain(card);
  expect(selectModules(DEPENDENCIES, '', NETWORK_CARDS)).toEqual([...selectModules(DEPENDENCIES, ''), card].sort());
});

it('names modules as the kernel does', () => {
  expect(moduleName('kernel/drivers/usb/host/ehci-pci.ko.xz')).toBe('ehci_pci');
  expect(moduleName('virtio-rng')).toBe('virtio_rng');
});
