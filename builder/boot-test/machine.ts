import type { Argv } from '../../runtime/host/exec.ts';
import type { Accelerator } from './accelerator.ts';
import type { MachineFirmware } from './firmware.ts';

export type DiskBus = 'ahci' | 'nvme' | 'virtio' | 'usb' | 'scsi';

/** One raw disk of the machine. Its file must be there: see {@link createDisk}. */
export type MachineDisk = { path: string; bus: DiskBus; serial?: string };

export type MachineMedium = {
  path: string;
  as: 'cdrom' | 'usb';
  /** A USB medium's writes go to its file. Without it they go to a temporary file and are forgotten. */
  keepWrites?: boolean;
};

/** A network card in a network of QEMU's own: DHCP, and this computer as 10.0.2.2. With `tftp` the firmware starts from it. */
export type MachineNetwork = {
  tftp?: {
    folder: string;
    /** The file to start, below the folder. */
    bootFile: string;
  };
  /** Servers at addresses of that network: each connection starts the program anew, with a socket for its input and output. */
  servers?: readonly { address: string; port: number; argv: Argv }[];
};

export type MachineHardware = {
  medium?: MachineMedium;
  network?: MachineNetwork | undefined;
  disks?: readonly MachineDisk[];
  /** 1024 unless given. The Linux boot environment needs 448 under UEFI. */
  memoryMiB?: number | undefined;
  /** 1 in emulation and 2 otherwise unless given. */
  cpus?: number;
  /** Make, model and serial number as the firmware reports them (SMBIOS type 1). */
  system?: { manufacturer: string; product: string; serial: string } | undefined;
  /** What the machine's clock says when it is switched on; the time of this computer unless given. */
  clock?: Date | undefined;
  /** Boots this kernel without firmware, boot loader and medium. */
  directKernel?: { kernel: string; initrd: string; append: string };
};

export type MachineWiring = {
  firmware: MachineFirmware;
  accelerator: Accelerator;
  /** Unix sockets that are listening already: QEMU connects to them. */
  serialSocket: string;
  monitorSocket: string;
  serialLog: string;
  pidFile: string;
};

/** QEMU's name for the drive of the medium. */
export const MEDIUM_DRIVE = 'medium';

/** QEMU's name for the stick that a medium is. */
export const STICK_DEVICE = 'stick';

export const QEMU = 'qemu-system-x86_64';

/**
 * The command line of a machine that boots the medium or the network first, then its disks in their order.
 *
 * The machine waits for `cont` on the monitor, and stands still instead of ending when its system restarts or shuts
 * down, so that the reason and the last picture can still be asked for. `setpriv` ends QEMU with the process that
 * started it, however that one ends. Disks use `cache=writeback`: what the system has written survives a killed QEMU.
 */
export function qemuArgv(hardware: MachineHardware, wiring: MachineWiring): Argv {
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    QEMU,
    ...board(hardware, wiring),
    ...firmwareFlash(wiring.firmware),
    ...wires(wiring),
    ...usbController(hardware),
    ...(hardware.medium === undefined ? [] : mediumDevice(hardware.medium)),
    ...(hardware.network === undefined ? [] : networkCard(hardware.network, wiring.firmware)),
    ...(hardware.disks ?? []).flatMap(diskDevice),
    ...kernel(hardware.directKernel),
  ];
}

function board({ memoryMiB = 1024, cpus, system, clock }: MachineHardware, wiring: MachineWiring): string[] {
  const processors = cpus ?? PROCESSORS[wiring.accelerator];
  const smm = wiring.firmware.kind === 'secureboot' ? ',smm=on' : '';
  return [
    ...['-machine', `q35${smm}`, ...PROCESSOR[wiring.accelerator]],
    ...['-smp', String(processors), '-m', String(memoryMiB)],
    ...['-nodefaults', '-nic', 'none', '-display', 'none', '-vga', 'std'],
    ...['-boot', 'menu=off', '-no-reboot', '-no-shutdown', '-S'],
    ...(system === undefined ? [] : ['-smbios', smbios(system)]),
    ...(clock === undefined ? [] : ['-rtc', `base=${clock.toISOString().slice(0, 19)}`]),
  ];
}

// In emulation OpenSSL hashes fastest without vector instructions: SHA-256 at 161 MB/s on qemu64, 79 with SSSE3 and
// SSE4, 32 on `max`. Without rdrand the first Node start waits more than a second for randomness.
const PROCESSOR = {
  tcg: ['-accel', 'tcg,thread=multi', '-cpu', 'qemu64,+rdrand'],
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
} as const;

// One in emulation: a Linux that patches its own code while it starts panics now and then ("Oops: int3") when QEMU's second
// processor still runs what was translated before. It costs about a fifth of the time of an apply.
const PROCESSORS = { tcg: 1, kvm: 2 } as const;

function smbios(system: { manufacturer: string; product: string; serial: string }): string {
  const { manufacturer, product, serial } = system;
  return `type=1,manufacturer=${escaped(manufacturer)},product=${escaped(product)},serial=${escaped(serial)}`;
}

function firmwareFlash(firmware: MachineFirmware): string[] {
  if (firmware.kind === 'bios') return [];
  return [
    ...(firmware.kind === 'secureboot' ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${escaped(firmware.code)}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${escaped(firmware.variables)}`],
  ];
}

function wires({ serialSocket, monitorSocket, serialLog, pidFile }: MachineWiring): string[] {
  return [
    ...['-pidfile', pidFile],
    ...['-chardev', `socket,id=serial,path=${escaped(serialSocket)},logfile=${escaped(serialLog)},logappend=off`],
    ...['-serial', 'chardev:serial'],
    ...['-chardev', `socket,id=monitor,path=${escaped(monitorSocket)}`, '-mon', 'chardev=monitor,mode=control'],
  ];
}

function usbController({ medium, disks = [] }: MachineHardware): string[] {
  const used = medium?.as === 'usb' || disks.some((disk) => disk.bus === 'usb');
  return used ? ['-device', 'qemu-xhci,id=xhci'] : [];
}

function mediumDevice({ path, as, keepWrites = false }: MachineMedium): string[] {
  const drive = `if=none,id=${MEDIUM_DRIVE},format=raw,file=${escaped(path)}`;
  return as === 'cdrom'
    ? ['-drive', `${drive},media=cdrom,readonly=on`, '-device', `ide-cd,bus=ide.0,drive=${MEDIUM_DRIVE},bootindex=0`]
    : [
        ...['-drive', keepWrites ? `${drive},cache=writeback` : `${drive},snapshot=on`],
        ...['-device', `usb-storage,id=${STICK_DEVICE},bus=xhci.0,drive=${MEDIUM_DRIVE},removable=on,bootindex=0`],
      ];
}

/** OVMF starts from this card by itself; without its ROM, which is not signed, it does so with Secure Boot too. */
function networkCard({ tftp, servers = [] }: MachineNetwork, { kind }: MachineFirmware): string[] {
  const rom = kind === 'bios' && tftp !== undefined ? '' : ',romfile=';
  const server = tftp === undefined ? '' : `,tftp=${escaped(tftp.folder)},bootfile=${escaped(tftp.bootFile)}`;
  const started = servers.map(
    ({ address, port, argv }) => `,guestfwd=${escaped(`tcp:${address}:${port}-cmd:${argv.map(quoted).join(' ')}`)}`,
  );
  const order = tftp === undefined ? '' : ',bootindex=0';
  return [
    ...['-netdev', `user,id=network${server}${started.join('')}`],
    ...['-device', `virtio-net-pci,netdev=network,mac=${NETWORK_MAC}${order}${rom}`],
  ];
}

/** QEMU's own range. */
const NETWORK_MAC = '52:54:00:12:34:56';

function diskDevice({ path, bus, serial }: MachineDisk, index: number): string[] {
  const id = `disk${index}`;
  const place = `drive=${id},serial=${escaped(serial ?? `MEDIASMITH${index}`)},bootindex=${index + 1}`;
  return [
    ...['-drive', `if=none,id=${id},format=raw,cache=writeback,discard=unmap,file=${escaped(path)}`],
    ...DISK_DEVICES[bus](place, index),
  ];
}

const DISK_DEVICES: Record<DiskBus, (place: string, index: number) => string[]> = {
  // ide.0 is the optical drive's, whether there is one or not: a disk keeps its port when the medium is taken out.
  ahci: (place, index) => ['-device', `ide-hd,bus=ide.${index + 1},${place}`],
  nvme: (place) => ['-device', `nvme,${place}`],
  virtio: (place) => ['-device', `virtio-blk-pci,${place}`],
  usb: (place) => ['-device', `usb-storage,bus=xhci.0,${place}`],
  scsi: (place, index) => [
    ...['-device', `virtio-scsi-pci,id=scsi${index}`],
    ...['-device', `scsi-hd,bus=scsi${index}.0,${place}`],
  ],
};

function kernel(direct: MachineHardware['directKernel']): string[] {
  return direct === undefined ? [] : ['-kernel', direct.kernel, '-initrd', direct.initrd, '-append', direct.append];
}

/** QEMU takes a command line apart as a shell does. */
function quoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

/** QEMU ends a value at a comma; a comma inside it is written twice. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,');
}
