import { describe, expect, it } from 'vitest';
import { type HiveData, hiveFromPaths } from '../../../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../../../runtime/hive/regf.ts';
import { volumeFiles } from '../../../../runtime/platform/volume-files.ts';
import { runCaptureWindowsSettings } from '../../../../runtime/steps/capture-windows-settings/run.ts';
import { DISK } from './captured-disk.ts';
import { stepContext } from './step-context.ts';

const ALL = { computerName: true, registrationInfo: true, timeZone: true };
const NAMES = ['OSDComputerName', 'OSDRegisteredUserName', 'OSDRegisteredOrgName', 'OSDTimeZone'];

const sz = (data: string): HiveData => ({ type: 'SZ', data });

function hive(paths: Record<string, Record<string, HiveData>>): Buffer {
  return Buffer.from(writeHive(hiveFromPaths('ROOT', paths), { timestamp: new Date(0) }));
}

const SOFTWARE = hive({
  'Microsoft\\Windows NT\\CurrentVersion': { RegisteredOwner: sz('Jürgen'), RegisteredOrganization: sz('Ex & Co') },
});

const SYSTEM = hive({
  Select: { Current: { type: 'DWORD', data: 2 }, Default: { type: 'DWORD', data: 2 } },
  'ControlSet001\\Control\\ComputerName\\ComputerName': { ComputerName: sz('LASTGOOD') },
  'ControlSet002\\Control\\ComputerName\\ComputerName': { ComputerName: sz('OLD-PC') },
  'ControlSet002\\Control\\TimeZoneInformation': { TimeZoneKeyName: sz('W. Europe Standard Time\0ght Time') },
});

/** The second sequence number stays behind while a hive is open. */
function opened(clean: Buffer): Buffer {
  const dirty = Buffer.from(clean);
  dirty.writeUInt32LE(dirty.readUInt32LE(4) + 1, 4);
  return dirty;
}

async function captured(hives: Record<string, Buffer>, options = ALL) {
  const { context, platform, variables, ran, logged } = await stepContext({ name: 'linux' });
  platform.installed = [DISK];
  const files = volumeFiles(platform.volume('Windows'));
  for (const [name, bytes] of Object.entries(hives)) await files.write(`Windows/System32/config/${name}`, bytes);
  await runCaptureWindowsSettings(options, context);
  const warnings = logged.filter((line) => line.startsWith('warning'));
  return { values: NAMES.map((name) => variables.get(name)), warnings, ran, deeds: platform.deeds };
}

describe('capture-windows-settings in the Linux boot environment', () => {
  it('reads the hives of the installed Windows, in the control set that it has started with', async () => {
    const { values, warnings, ran, deeds } = await captured({ SOFTWARE, SYSTEM });
    expect(values).toEqual(['OLD-PC', 'Jürgen', 'Ex & Co', 'W. Europe Standard Time']);
    expect([warnings, ran]).toEqual([[], []]);
    expect(deeds).toEqual(['mount Windows read', 'unmount Windows']);
  });

  it('reads no more than is asked for', async () => {
    const { values } = await captured({ SOFTWARE, SYSTEM }, { ...ALL, computerName: false, registrationInfo: false });
    expect(values).toEqual([undefined, undefined, undefined, 'W. Europe Standard Time']);
  });

  it('says where a hive was not closed, and reads it', async () => {
    const { values, warnings } = await captured({ SOFTWARE, SYSTEM: opened(SYSTEM) });
    expect(values[0]).toBe('OLD-PC');
    expect(warnings).toEqual([expect.stringMatching(/config\/SYSTEM was not closed, or is damaged/)]);
  });

  it('leaves the variables as they were where a hive is not there or says nothing', async () => {
    const { values, warnings } = await captured({ SYSTEM: Buffer.from('no hive') });
    expect(values).toEqual([undefined, undefined, undefined, undefined]);
    expect(warnings).toHaveLength(2 + NAMES.length);
  });
});
