import { describe, expect, it } from 'vitest';
import { type Machine, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import type { StepOptions } from '../../../../runtime/sequence/schema.ts';
import { CHECKS, checkAll } from '../../../../runtime/steps/check-readiness/checks.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { note, runSteps } from '../../../helpers/run.ts';

const GIB = 1024 ** 3;
const WINDOWS = OperatingSystem.parse({
  caption: 'Microsoft Windows 11 Pro',
  version: '10.0.22631',
  build: 22631,
  revision: 4169,
  architecture: 'x64',
  language: 1031,
});
const LAN = { name: 'eth0', mac: '02:00:00:00:00:01', connected: true, wired: true };
const WLAN = { ...LAN, name: 'wlan0', wired: false };
const TPM = { specVersion: '2.0', enabled: true, activated: true };

type Case = [Partial<StepOptions<'check-readiness'>>, Partial<Machine> & { freeBytes?: number }];

function failed(...[options, { freeBytes, ...machine }]: Case): string[] {
  const results = checkAll(options as StepOptions<'check-readiness'>, { ...aMachine(machine), freeBytes });
  return results.filter(({ met }) => !met).map(({ name, lines }) => `${name}: ${lines.join('; ')}`);
}

it.each<Case>([
  [{}, { memoryBytes: 0, disks: [], onBattery: true }],
  [{ memory: '4 GB' }, { memoryBytes: 3.7 * GIB }],
  [{ processorSpeed: 2000 }, { processorMegahertz: 2000 }],
  [{ processorSpeed: 2000 }, { processorMegahertz: 0 }],
  [{ freeDiskSpace: '25 GB' }, { freeBytes: 25 * GIB }],
  [{ osType: 'client', architecture: 'x64', osLanguage: 1031 }, { operatingSystem: WINDOWS }],
  [{ osType: 'server' }, { operatingSystem: { ...WINDOWS, productType: 'domain-controller' } }],
  [{ minimumOsVersion: '10.0.22631.4169' }, { operatingSystem: WINDOWS }],
  [{ minimumOsVersion: '10.0.9000', maximumOsVersion: '10.0.22631' }, { operatingSystem: WINDOWS }],
  [{ firmware: 'bios' }, { firmware: 'bios' }],
  [{ power: 'ac' }, { onBattery: false }],
  [{ networkConnected: true }, { networkAdapters: [WLAN] as Machine['networkAdapters'] }],
  [{ networkConnected: false, networkWired: false, tpmEnabled: false }, {}],
  [{ tpmEnabled: true, tpmActivated: true }, { tpm: TPM }],
  [{ disk: { minimumSize: '32 GB' } }, { disks: [aDisk({ bytes: GIB }), aDisk()] }],
])('%o is met by %o', (options, machine) => {
  expect(failed(options, machine)).toEqual([]);
});

it.each<[...Case, string]>([
  [{ memory: '4 GB' }, { memoryBytes: 3 * GIB }, 'memory: 4 GB asked, 3.0 GB there'],
  [{ processorSpeed: 2000 }, { processorMegahertz: 1999 }, 'processor speed: 2000 MHz asked, 1999 MHz there'],
  [{ freeDiskSpace: '25 GB' }, { freeBytes: 24 * GIB }, 'free disk space: 25 GB asked, 24.0 GB there'],
  [{ osType: 'server' }, { operatingSystem: WINDOWS }, 'type of Windows: server asked, client there'],
  [{ osType: 'client' }, {}, 'type of Windows: client asked, no Windows runs here'],
  [{ architecture: 'arm64' }, { operatingSystem: WINDOWS }, 'architecture: arm64 asked, x64 there'],
  [
    { minimumOsVersion: '10.0.26100' },
    { operatingSystem: WINDOWS },
    'oldest version of Windows: at least 10.0.26100 asked, 10.0.22631.4169 there',
  ],
  [
    { maximumOsVersion: '10.0.19045' },
    { operatingSystem: WINDOWS },
    'newest version of Windows: at most 10.0.19045 asked, 10.0.22631.4169 there',
  ],
  [
    { maximumOsVersion: '10.0.22631.4000' },
    { operatingSystem: WINDOWS },
    'newest version of Windows: at most 10.0.22631.4000 asked, 10.0.22631.4169 there',
  ],
  [{ osLanguage: 1033 }, { operatingSystem: WINDOWS }, 'language of Windows: 1033 asked, 1031 there'],
  [{ firmware: 'uefi' }, { firmware: 'bios' }, 'firmware: started by bios, uefi asked'],
  [{ power: 'ac' }, { onBattery: true }, 'power: the machine runs on its battery'],
  [{ networkConnected: true }, {}, 'network: no network adapter is connected'],
  [
    { networkWired: true },
    { networkAdapters: [WLAN] as Machine['networkAdapters'] },
    'wired network: no wired network adapter is connected',
  ],
  [{ tpmEnabled: true }, {}, 'TPM enabled: the machine has no TPM'],
  [
    { tpmEnabled: true },
    { tpm: { ...TPM, specVersion: '1.2' } },
    'TPM enabled: 2.0 or later asked, TPM 1.2 there, enabled',
  ],
  [
    { tpmActivated: true },
    { tpm: { ...TPM, activated: false } },
    'TPM activated: 2.0 or later asked, TPM 2.0 there, not activated',
  ],
  [{ disk: {} }, { disks: [] }, 'disk: none satisfies the rules'],
])('%o is not met by %o', (options, machine, line) => {
  expect(failed(options, machine)).toEqual([line]);
});

it('says why each disk was refused', () => {
  expect(failed({ disk: { bus: ['ata'] } }, {})).toEqual([
    'disk: none satisfies the rules; /dev/nvme0n1: 64.0 GB, nvme, Stand-in SSD, serial S1: refused, its bus is nvme, not ata',
  ]);
});

describe('the step', () => {
  const STEP = { step: 'check-readiness', memory: '64 GB', firmware: 'uefi', tpmEnabled: true, freeDiskSpace: '1 GB' };
  const results = (get: (name: string) => string | undefined) =>
    Object.fromEntries(CHECKS.flatMap(({ variable }) => (variable ? [[variable.slice(6), get(variable)]] : [])));

  it('makes every check before it fails, with the code of ConfigMgr, and says how each has ended', async () => {
    const { outcome, variables } = await runSteps([STEP]);
    expect(outcome.error).toMatchObject({
      code: 'READINESS_FAILED',
      exitCode: 4316,
      lines: ['memory: 64 GB asked, 8.0 GB there', 'TPM enabled: the machine has no TPM'],
    });
    expect(variables.get('_SMSTSLastActionRetCode')).toBe('4316');
    expect(results((name) => variables.get(name))).toMatchObject({
      MEMORY: '0',
      UEFI: '1',
      DISK: '1',
      TPMENABLED: '0',
    });
    expect(variables.get('_TS_CRNETWORK')).toBeUndefined();
  });

  it('that may fail is only logged', async () => {
    const { outcome, ran } = await runSteps([{ ...STEP, continueOnError: true }, note('next')]);
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual(['note next']);
  });

  it('forgets what an earlier one has found', async () => {
    const { variables } = await runSteps([
      { ...STEP, continueOnError: true },
      { step: 'check-readiness', power: 'ac' },
    ]);
    expect([variables.get('_TS_CRMEMORY'), variables.get('_TS_CRACPOWER')]).toEqual([undefined, '1']);
  });
});
