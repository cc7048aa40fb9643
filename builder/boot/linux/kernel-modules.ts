/**
 * What a PC or a virtual machine needs to show its disks, CDs, sticks and keyboards. A `*` stands for any part of one
 * name. Network drivers are not among them, nor host adapters of storage networks, nor what wants firmware files,
 * which the kernel's package does not bring.
 */
const WANTED: readonly string[] = [
  ...['drivers/ata/*', 'drivers/scsi/*', 'drivers/scsi/*/*', 'drivers/message/fusion/*'],
  ...['drivers/nvme/host/nvme', 'drivers/pci/controller/vmd', 'drivers/ufs/host/ufshcd-pci'],
  ...['drivers/block/loop', 'drivers/block/virtio_blk', 'drivers/block/xen-blkfront', 'drivers/cdrom/cdrom'],
  ...['drivers/mmc/core/*', 'drivers/mmc/host/*', 'drivers/misc/cardreader/*'],
  ...['drivers/usb/host/*', 'drivers/usb/storage/*'],
  ...['drivers/hid/hid', 'drivers/hid/hid-generic', 'drivers/hid/hid-hyperv', 'drivers/hid/usbhid/usbhid'],
  ...['drivers/hid/hid-logitech-dj', 'drivers/hid/hid-apple', 'drivers/hid/hid-microsoft'],
  ...['drivers/input/serio/hyperv-keyboard'],
  ...['drivers/hv/*', 'drivers/pci/controller/pci-hyperv'],
  ...['drivers/virtio/virtio_*', 'drivers/char/virtio_console', 'drivers/char/hw_random/virtio-rng'],
  ...['drivers/firmware/qemu_fw_cfg', 'drivers/acpi/ac', 'drivers/acpi/battery'],
  ...['drivers/char/tpm/tpm_tis', 'drivers/char/tpm/tpm_crb'],
  ...['fs/isofs/*', 'fs/udf/*', 'fs/fat/*', 'fs/exfat/*', 'fs/ntfs3/*', 'fs/fuse/fuse', 'fs/efivarfs/*', 'fs/nls/*'],
  ...['crypto/crc32c_generic', 'crypto/crct10dif_generic', 'arch/x86/crypto/crc32c-intel'],
  ...['arch/x86/crypto/crct10dif-pclmul'],
];

const LEFT_OUT: readonly string[] = [
  // Storage networks.
  ...['bfa', 'bnx2fc', 'bnx2i', 'be2iscsi', 'csiostor', 'cxgb3i', 'cxgb4i', 'fcoe', 'fnic', 'iscsi_tcp', 'libcxgbi'],
  ...['libfc', 'libfcoe', 'libiscsi', 'libiscsi_tcp', 'lpfc', 'mptfc', 'mptlan', 'qedf', 'qedi', 'qla2xxx', 'qla4xxx'],
  ...['snic', 'tcm_qla2xxx', 'iscsi_boot_sysfs', 'scsi_transport_srp', 'scsi_transport_fc', 'scsi_transport_iscsi'],
  // Firmware files.
  ...['advansys', 'aic94xx', 'qla1280', 'vub300', 'wd719x', 'ums-eneub6250'],
  // Neither disks nor CDs.
  ...['ch', 'st', 'sg', 'ses', 'scsi_debug', 'osst', 'sdio_uart', 'virtio_mmio', 'virtio_vdpa', 'xhci-plat-hcd'],
  ...['scsi_dh_alua', 'scsi_dh_emc', 'scsi_dh_hp_sw', 'scsi_dh_rdac', 'mptctl', 'hv_balloon', 'virtio_balloon'],
];

/**
 * The modules init loads by name: their devices show up late, when init has stopped looking for what asks for a module,
 * or they are file systems every medium needs. Each costs time at every start.
 */
export const ALWAYS_LOADED: readonly string[] = [
  ...['sd_mod', 'sr_mod', 'usb_storage', 'uas', 'usbhid', 'hid_generic', 'mmc_block', 'loop'],
  ...['isofs', 'vfat', 'exfat', 'nls_cp437', 'nls_ascii', 'nls_utf8', 'efivarfs'],
];

/** Everything the selection depends on besides the kernel itself. */
export const MODULES_RECIPE = [WANTED, LEFT_OUT, ALWAYS_LOADED];

/**
 * The modules of the boot environment and all they depend on, out of the text of `modules.dep` and `modules.softdep`:
 * paths relative to the release's folder, without the compression's ending, sorted. `also` has further patterns.
 */
export function selectModules(dependencies: string, softDependencies: string, also: readonly string[] = []): string[] {
  const patterns = [...WANTED, ...also].map(pathPattern);
  const needs = parseDependencies(dependencies);
  const byName = new Map([...needs.keys()].map((path) => [moduleName(path), path]));
  const soft = parseSoftDependencies(softDependencies);
  const selected = new Set<string>();
  const waiting = [...needs.keys()].filter(
    (path) => patterns.some((pattern) => pattern.test(path)) && !LEFT_OUT_NAMES.has(moduleName(path)),
  );
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (selected.has(path)) continue;
    selected.add(path);
    waiting.push(...(needs.get(path) ?? []));
    for (const name of soft.get(moduleName(path)) ?? []) {
      const other = byName.get(name);
      if (other !== undefined) waiting.push(other);
    }
  }
  return [...selected].sort();
}

/** A module's name as the kernel writes it: without folder and endings, `_` for `-`. */
export function moduleName(path: string): string {
  return path
    .replace(/^.*\//, '')
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}

function pathPattern(pattern: string): RegExp {
  return new RegExp(`^kernel/${pattern.replaceAll('*', '[^/]*')}\\.ko$`);
}

const LEFT_OUT_NAMES: ReadonlySet<string> = new Set(LEFT_OUT.map(moduleName));

function parseDependencies(text: string): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [path, rest] = line.split(':');
    if (path === undefined || rest === undefined) continue;
    needs.set(
      plain(path),
      rest
        .split(' ')
        .filter((other) => other !== '')
        .map(plain),
    );
  }
  return needs;
}

function parseSoftDependencies(text: string): Map<string, string[]> {
  const soft = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [keyword, name, ...others] = line.split(' ');
    if (keyword !== 'softdep' || name === undefined) continue;
    soft.set(moduleName(name), others.filter((other) => !other.endsWith(':')).map(moduleName));
  }
  return soft;
}

function plain(path: string): string {
  return path.trim().replace(/\.(xz|zst|gz)$/, '');
}
