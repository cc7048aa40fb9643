import { z } from 'zod';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** A disk, a partition, or what is laid over them, as lsblk sees it. Texts are empty where nothing is known. */
export type BlockDevice = {
  /** What opens it: /dev/sdb, /dev/mapper/root. */
  path: string;
  kernelName: string;
  /** The kernel's name of what it lies on. */
  parent: string;
  /** disk, part, loop, rom, crypt, lvm, raid1, mpath */
  type: string;
  bytes: number;
  /** Of its logical sectors; 0 where it does not say. */
  sectorBytes: number;
  model: string;
  vendor: string;
  serial: string;
  /** usb, sata, nvme, mmc; not known for every bus. */
  transport: string;
  removable: boolean;
  hotPlug: boolean;
  readOnly: boolean;
  /** `[SWAP]` among them. */
  mountPoints: string[];
  fileSystem: string;
  label: string;
  /** dos, gpt */
  partitionTable: string;
  /** From the device up to its host: block, scsi, usb, pci. */
  subsystems: string[];
  children: BlockDevice[];
};

/** What the kernel and udev know of all block devices. */
export async function listBlockDevices(exec: Exec, signal: AbortSignal): Promise<BlockDevice[]> {
  const { stdout } = await exec(lsblkArgv(), { signal, env: { LC_ALL: 'C.UTF-8' } });
  return parseBlockDevices(stdout);
}

/** NAME comes first because it alone makes lsblk tell of every device with all that lies on it (lsblk(8)). */
export function lsblkArgv(): Argv {
  const columns =
    'NAME,PATH,KNAME,PKNAME,TYPE,SIZE,LOG-SEC,MODEL,VENDOR,SERIAL,TRAN,RM,HOTPLUG,RO,MOUNTPOINTS,FSTYPE,LABEL,PTTYPE,SUBSYSTEMS';
  return ['lsblk', '--json', '--bytes', '--output', columns];
}

/** Reads what lsblk prints. Versions differ in what is quoted and in how they say yes. */
export function parseBlockDevices(text: string): BlockDevice[] {
  try {
    return Listing.parse(JSON.parse(text)).blockdevices.map(toBlockDevice);
  } catch (cause) {
    throw new MediasmithError('TOOL_FAILED', 'lsblk prints something else than a list of block devices', {
      where: lsblkArgv().join(' '),
      lines: text.split('\n').slice(0, 5),
      hint: 'Version 2.37 of util-linux or a newer one is needed.',
      cause,
    });
  }
}

/** A device says itself what it is called: what would move the cursor or cannot be typed becomes a space. */
const Text = z
  .union([z.string(), z.number(), z.null()])
  .transform((value) => String(value ?? '').replace(/[\p{C}\s]+/gu, ' '))
  .pipe(z.string().trim());
const Flag = z
  .union([z.boolean(), z.literal(['0', '1', 0, 1])])
  .transform((value) => value === true || Number(value) === 1);
const Bytes = z.union([z.number(), z.string().regex(/^\d+$/), z.null()]).transform((value) => Number(value ?? 0));

const Fields = z.object({
  path: Text,
  kname: Text,
  pkname: Text,
  type: Text,
  size: Bytes,
  'log-sec': Bytes.default(0),
  model: Text,
  vendor: Text,
  serial: Text,
  tran: Text,
  rm: Flag,
  hotplug: Flag,
  ro: Flag,
  mountpoints: z.array(Text),
  fstype: Text,
  label: Text,
  pttype: Text,
  subsystems: Text,
});
type Entry = z.infer<typeof Fields> & { children?: Entry[] | undefined };
const Entry: z.ZodType<Entry> = Fields.extend({ children: z.lazy(() => z.array(Entry)).optional() });
const Listing = z.object({ blockdevices: z.array(Entry) });

function toBlockDevice(entry: Entry): BlockDevice {
  return {
    path: entry.path,
    kernelName: entry.kname,
    parent: entry.pkname,
    type: entry.type,
    bytes: entry.size,
    sectorBytes: entry['log-sec'],
    model: entry.model,
    vendor: entry.vendor,
    serial: entry.serial,
    transport: entry.tran,
    removable: entry.rm,
    hotPlug: entry.hotplug,
    readOnly: entry.ro,
    mountPoints: entry.mountpoints.filter(Boolean),
    fileSystem: entry.fstype,
    label: entry.label,
    partitionTable: entry.pttype,
    subsystems: entry.subsystems.split(':').filter(Boolean),
    children: (entry.children ?? []).map(toBlockDevice),
  };
}
