import { writeSync } from 'node:fs';
import { guidBytes } from '../../../runtime/hive/guid.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { loadWin32, type Win32 } from '../../../runtime/native/win32.ts';
import { CONTROL_CODES } from '../../../runtime/native/win32-structs.ts';
import { GPT_TYPES } from '../../../runtime/platform/partition-table.ts';
import { winpePlatform } from '../../../runtime/platform/winpe/index.ts';

/**
 * WinPE's platform replaces a volume, on a disk that Wine cannot show: its numbers and its table are made up, everything
 * else is Wine's. Prints one JSON document.
 */
const DISK = 1;
const GUID = '20000000-0000-4000-8000-000000000001';
const LETTERS: Readonly<Record<string, number>> = { S: 1, W: 2 };
const MIB = 1024 ** 2;

function number(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return data;
}

function layout(): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(2, 4);
  header.set(guidBytes(GUID), 8);
  const entries = [GPT_TYPES.system, GPT_TYPES.primary].map((type, index) => {
    const entry = Buffer.alloc(144);
    entry.writeBigUInt64LE(BigInt((index + 1) * MIB), 8);
    entry.writeBigUInt64LE(BigInt(MIB), 16);
    entry.writeUInt32LE(index + 1, 24);
    entry.set(guidBytes(type), 32);
    entry.set(guidBytes(GUID), 48);
    return entry;
  });
  return Buffer.concat([header, ...entries]);
}

function withDisk(win32: Win32): Win32 {
  return {
    ...win32,
    control: (device, code, input, bytes) => {
      const partition = LETTERS[/^\\\\\.\\([A-Z]):$/.exec(device)?.[1] ?? ''];
      if (partition !== undefined && code === CONTROL_CODES.STORAGE_GET_DEVICE_NUMBER)
        return { data: Buffer.concat([number(7), number(DISK), number(partition)]) };
      if (device.endsWith(`PhysicalDrive${DISK}`) && code === CONTROL_CODES.DISK_GET_DRIVE_LAYOUT_EX)
        return { data: layout() };
      return win32.control(device, code, input, bytes);
    },
  };
}

async function act(): Promise<unknown> {
  const win32 = await loadWin32();
  const platform = await winpePlatform({ exec, win32: withDisk(win32) });
  const said: string[] = [];
  await platform.prepare((level, message) => void said.push(`${level}: ${message}`)).catch(() => undefined);
  const [disk] = (await platform.presentDisks()).filter(({ device }) => device.endsWith(`${DISK}`));
  const volume = disk?.volumes.find(({ device }) => device === 'W:\\');
  if (disk === undefined || volume === undefined) throw new Error(`no volume: ${JSON.stringify(disk)}`);
  const target = await platform.takeOverDisk(disk, volume);
  const keep = ['_SMSTaskSequence', 'userstate'];
  const content = await platform.surveyVolume(volume, keep);
  await platform.deactivateBoot(target);
  await platform.clearVolume(volume, keep, {});
  const privileges = ['SeBackupPrivilege', 'SeNoSuchPrivilege'].map((name) => win32.enablePrivilege(name));
  return {
    volumes: target.volumes,
    content,
    privileges,
    noReparsePoint: win32.removeReparsePoint('W:\\UserState'),
    said,
  };
}

act().then(
  (answer) => writeSync(1, `${JSON.stringify(answer)}\n`),
  (error) => {
    writeSync(2, `${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
