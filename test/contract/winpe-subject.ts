import { access, mkdir, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import type { Disk } from '../../runtime/contract/machine.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { winpePlatform } from '../../runtime/platform/winpe/index.ts';
import { type FakeWindows, fakeWin32 } from '../helpers/fake-win32.ts';
import { aDisk } from '../helpers/machine.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import type { PlatformSubject } from './platform-suite.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
const DISK_BYTES = 512 * MIB;
const NUMBER = 1;
const CLAIM = { offset: MIB - 4096, bytes: 4096, pattern: /^MEDIASMITH DEPLOYMENT IN PROGRESS\n([0-9a-f-]+)\n/ };
const OLD_TEXT = 'somebody was here';
const ACTIVE = { offset: 446, value: 0x80 };
const GUID = '20000000-0000-4000-8000-000000000000';

/** What the programs of this Windows have left, for the test to see. */
type Notes = { claims: (string | undefined)[]; formatted: string[]; broken: boolean };

/** The WinPE adaptor over a file for a disk, folders for drives, and programs that do what a test can see of them. */
export async function winpeSubject(): Promise<PlatformSubject> {
  const folder = await temporaryFolder();
  const device = join(folder, `PhysicalDrive${NUMBER}`);
  const disk = aDisk({ device, bytes: DISK_BYTES, bus: 'ata' });
  await writeFile(device, OLD_TEXT);
  await truncate(device, DISK_BYTES);
  const windows: FakeWindows = {
    disks: { [device]: { bytes: DISK_BYTES, bus: 11, product: disk.model } },
    drives: { C: { type: 'fixed', disk: 0 }, X: { type: 'fixed' } },
    consoles: [],
  };
  const notes: Notes = { claims: [], formatted: [], broken: false };
  const drive = (letter: string): string => join(folder, letter);
  return {
    platform: await winpePlatform({
      exec: programs({ windows, notes, disk, drive }),
      win32: fakeWin32(windows),
      systemRoot: 'X:\\Windows',
      drive,
      disk: (number) => join(folder, `PhysicalDrive${number}`),
    }),
    disk,
    volumesStay: true,
    claim: () => readClaim(disk),
    claimsAtPartitioning: async () => notes.claims,
    formatted: async () => notes.formatted,
    isUntouched: async () => (await readAt(disk, 0, OLD_TEXT.length)).toString() === OLD_TEXT,
    occupy: async () => {
      windows.drives.X = { type: 'fixed', disk: NUMBER };
    },
    breakPartitioning: async () => {
      notes.broken = true;
    },
    startable: async ({ style }) => {
      if (style === 'mbr') {
        const active = (await readAt(disk, ACTIVE.offset, 1))[0] === ACTIVE.value;
        const there = await access(join(drive('S'), 'bootmgr')).then(
          () => true,
          () => false,
        );
        return active && there ? ['bootmgr'] : [];
      }
      const files = await readdir(drive('S'), { recursive: true });
      return files.filter((path) => /(^|\/)boot(mgfw|x64)\.efi$/i.test(path)).sort();
    },
  };
}

type Machine = { windows: FakeWindows; notes: Notes; disk: Disk; drive: (letter: string) => string };

function programs(machine: Machine): Exec {
  return async (argv, options) => {
    const [program, ...args] = argv;
    const name = win32.basename(program, '.exe');
    if (name === 'diskpart' && args[1] !== undefined) {
      const commands = (await readFile(args[1], 'latin1')).split('\r\n');
      if (!(await diskpart(machine, commands))) return exec(['sh', '-c', 'echo no room; exit 1'], options);
    }
    if (name === 'bcdboot') await bcdboot(machine, args);
    return exec(['true'], options);
  };
}

/** False for a script that this diskpart is to fail at. */
async function diskpart({ windows, notes, disk, drive }: Machine, commands: readonly string[]): Promise<boolean> {
  const fake = windows.disks[disk.device];
  if (fake === undefined || commands[0] !== `select disk ${NUMBER}`) throw new Error(`not our disk: ${commands[0]}`);
  if (commands.some((command) => command.startsWith('create partition'))) {
    notes.claims.push(await readClaim(disk));
    if (notes.broken) return false;
  }
  let place = { startBytes: 0, bytes: 0 };
  for (const command of commands) {
    const [, style] = /^convert (gpt|mbr)$/.exec(command) ?? [];
    const [, identity] = /^uniqueid disk id=(\S+)/.exec(command) ?? [];
    const [, size, offset] = /^create partition \w+ size=(\d+) offset=(\d+)$/.exec(command) ?? [];
    const [, fileSystem] = /^format quick fs=(\w+)/.exec(command) ?? [];
    const [, letter] = /^assign letter=(\w)$/.exec(command) ?? [];
    if (command === 'clean') await clean(disk);
    // Some versions of Windows put a reserved partition of their own onto a fresh GPT disk.
    if (style === 'gpt')
      fake.layout = {
        style,
        identity: GUID,
        partitions: [{ number: 1, startBytes: 17 * KIB, bytes: 15 * MIB, guid: GUID }],
      };
    if (style === 'mbr') fake.layout = { style, identity: '00000000', partitions: [] };
    if (identity !== undefined && fake.layout !== undefined) fake.layout.identity = identity;
    if (command === 'delete partition override') fake.layout?.partitions.shift();
    if (size !== undefined) {
      place = { startBytes: Number(offset) * KIB, bytes: Number(size) * MIB };
      const number = (fake.layout?.partitions.length ?? 0) + 1;
      fake.layout?.partitions.push({ ...place, number, ...(fake.layout.style === 'gpt' && { guid: GUID }) });
    }
    if (fileSystem !== undefined) notes.formatted.push(fileSystem);
    if (letter !== undefined) {
      notes.formatted.push(`${letter}:\\ ${notes.formatted.pop()}`);
      windows.drives[letter] = { type: 'fixed', disk: NUMBER };
      await mkdir(drive(letter));
    }
    if (command === 'active') await writeAt(disk, Buffer.from([ACTIVE.value]), ACTIVE.offset);
  }
  return true;
}

async function clean(disk: Disk): Promise<void> {
  await writeAt(disk, Buffer.alloc(MIB), 0);
  await writeAt(disk, Buffer.alloc(MIB), DISK_BYTES - MIB);
}

async function bcdboot({ drive }: Machine, args: readonly string[]): Promise<void> {
  const firmware = args[args.indexOf('/f') + 1];
  const files = firmware === 'UEFI' ? ['EFI/Microsoft/Boot/bootmgfw.efi', 'EFI/Boot/bootx64.efi'] : ['bootmgr'];
  await writeFiles(drive('S'), Object.fromEntries(files.map((file) => [file, 'loader'])));
}

async function readClaim(disk: Disk): Promise<string | undefined> {
  return CLAIM.pattern.exec((await readAt(disk, CLAIM.offset, CLAIM.bytes)).toString('latin1'))?.[1];
}

async function readAt({ device }: Disk, offset: number, length: number): Promise<Buffer> {
  await using file = await open(device, 'r');
  return (await file.read(Buffer.alloc(length), 0, length, offset)).buffer;
}

async function writeAt({ device }: Disk, data: Buffer, offset: number): Promise<void> {
  await using file = await open(device, 'r+');
  await file.write(data, 0, data.length, offset);
}
