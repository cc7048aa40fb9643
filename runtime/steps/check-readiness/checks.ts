import { chooseDisks, describeChoice } from '../../contract/disk-rules.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { Machine, OperatingSystem } from '../../contract/machine.ts';
import { parseSize } from '../../contract/size.ts';
import { versionOrder } from '../../sequence/condition/comparison.ts';
import type { StepOptions } from '../../sequence/schema.ts';

type Options = StepOptions<'check-readiness'>;
/** What was found, a line each. */
type Finding = { met: boolean; lines: string[] };
/** `freeBytes` is asked for only where `freeDiskSpace` is. */
export type Subject = Machine & { freeBytes?: number | undefined };
type Check = {
  name: string;
  /** ConfigMgr's variable for the result; undefined for a check of ours. */
  variable?: string;
  /** Undefined when the options do not ask for it. */
  find: (options: Options, subject: Subject) => Finding | undefined;
};
export type CheckResult = Pick<Check, 'name' | 'variable'> & Finding;

/** The checks that the options ask for, in a fixed order. Pure. */
export function checkAll(options: Options, subject: Subject): CheckResult[] {
  return CHECKS.flatMap(({ name, variable, find }) => {
    const finding = find(options, subject);
    return finding === undefined ? [] : [{ name, ...(variable !== undefined && { variable }), ...finding }];
  });
}

/** Firmware and graphics keep a part of the memory for themselves; a machine sold as 4 GB shows a little less. */
const MEMORY_TOLERANCE = 0.9;

export const CHECKS: readonly Check[] = [
  {
    name: 'memory',
    variable: '_TS_CRMEMORY',
    find: ({ memory }, { memoryBytes }) =>
      asked(memory, (wanted) => ({
        met: memoryBytes >= parseSize(wanted) * MEMORY_TOLERANCE,
        lines: [`${wanted} asked, ${formatBytes(memoryBytes)} there`],
      })),
  },
  {
    name: 'processor speed',
    variable: '_TS_CRSPEED',
    // What is not known cannot be held against a machine.
    find: ({ processorSpeed }, { processorMegahertz }) =>
      asked(processorSpeed, (wanted) => ({
        met: processorMegahertz === 0 || processorMegahertz >= wanted,
        lines: [`${wanted} MHz asked, ${processorMegahertz === 0 ? 'not known' : `${processorMegahertz} MHz there`}`],
      })),
  },
  {
    name: 'free disk space',
    variable: '_TS_CRDISK',
    find: ({ freeDiskSpace }, { freeBytes = 0 }) =>
      asked(freeDiskSpace, (wanted) => ({
        met: freeBytes >= parseSize(wanted),
        lines: [`${wanted} asked, ${formatBytes(freeBytes)} there`],
      })),
  },
  {
    name: 'type of Windows',
    variable: '_TS_CROSTYPE',
    find: ({ osType }, { operatingSystem }) =>
      ofWindows(osType, operatingSystem, (wanted, { productType }) => ({
        met: (productType === 'client') === (wanted === 'client'),
        lines: [`${wanted} asked, ${productType} there`],
      })),
  },
  {
    name: 'architecture',
    variable: '_TS_CRARCH',
    find: ({ architecture }, { operatingSystem }) =>
      ofWindows(architecture, operatingSystem, (wanted, windows) => ({
        met: windows.architecture === wanted,
        lines: [`${wanted} asked, ${windows.architecture} there`],
      })),
  },
  {
    name: 'oldest version of Windows',
    variable: '_TS_CRMINOSVER',
    find: ({ minimumOsVersion }, { operatingSystem }) =>
      ofWindows(minimumOsVersion, operatingSystem, (wanted, windows) => ({
        met: versionOrder(fullVersion(windows), wanted) >= 0,
        lines: [`at least ${wanted} asked, ${fullVersion(windows)} there`],
      })),
  },
  {
    name: 'newest version of Windows',
    variable: '_TS_CRMAXOSVER',
    find: ({ maximumOsVersion }, { operatingSystem }) =>
      ofWindows(maximumOsVersion, operatingSystem, (wanted, windows) => ({
        met: versionOrder(alike(fullVersion(windows), wanted), wanted) <= 0,
        lines: [`at most ${wanted} asked, ${fullVersion(windows)} there`],
      })),
  },
  {
    name: 'language of Windows',
    variable: '_TS_CROSLANGUAGE',
    find: ({ osLanguage }, { operatingSystem }) =>
      ofWindows(osLanguage, operatingSystem, (wanted, { language }) => ({
        met: language === wanted,
        lines: [`${wanted} asked, ${language} there`],
      })),
  },
  {
    name: 'power',
    variable: '_TS_CRACPOWER',
    find: ({ power }, { onBattery }) =>
      asked(power, () => ({
        met: !onBattery,
        lines: [`the machine runs on ${onBattery ? 'its battery' : 'mains'}`],
      })),
  },
  {
    name: 'network',
    variable: '_TS_CRNETWORK',
    find: ({ networkConnected }, { networkAdapters }) =>
      asked(networkConnected || undefined, () => connected(networkAdapters, 'network adapter')),
  },
  {
    name: 'wired network',
    variable: '_TS_CRWIRED',
    find: ({ networkWired }, { networkAdapters }) =>
      asked(networkWired || undefined, () =>
        connected(
          networkAdapters.filter(({ wired }) => wired),
          'wired network adapter',
        ),
      ),
  },
  {
    name: 'firmware',
    variable: '_TS_CRUEFI',
    find: ({ firmware }, machine) =>
      asked(firmware, (wanted) => ({
        met: machine.firmware === wanted,
        lines: [`started by ${machine.firmware}, ${wanted} asked`],
      })),
  },
  {
    name: 'TPM enabled',
    variable: '_TS_CRTPMENABLED',
    find: ({ tpmEnabled }, { tpm }) => asked(tpmEnabled || undefined, () => tpmFinding(tpm, 'enabled')),
  },
  {
    name: 'TPM activated',
    variable: '_TS_CRTPMACTIVATED',
    find: ({ tpmActivated }, { tpm }) => asked(tpmActivated || undefined, () => tpmFinding(tpm, 'activated')),
  },
  {
    name: 'disk',
    find: ({ disk }, { disks }) =>
      asked(disk, (rules) => {
        const choice = chooseDisks(disks, rules);
        const met = choice.candidates.length > 0;
        return {
          met,
          lines: [met ? 'one satisfies the rules' : 'none satisfies the rules', ...describeChoice(choice)],
        };
      }),
  },
];

function asked<T>(wish: T | undefined, find: (wish: T) => Finding): Finding | undefined {
  return wish === undefined ? undefined : find(wish);
}

/** In a boot environment no Windows runs that the check could mean, so that it is not met. */
function ofWindows<T>(
  wish: T | undefined,
  windows: OperatingSystem | undefined,
  find: (wish: T, windows: OperatingSystem) => Finding,
): Finding | undefined {
  return asked(wish, (wanted) =>
    windows === undefined ? { met: false, lines: [`${wanted} asked, no Windows runs here`] } : find(wanted, windows),
  );
}

const fullVersion = ({ version, revision }: OperatingSystem): string => `${version}.${revision}`;

/** A newest version of 10.0.22631 means every revision of it. */
function alike(version: string, wanted: string): string {
  return version.split('.').slice(0, wanted.split('.').length).join('.');
}

function connected(adapters: Machine['networkAdapters'], what: string): Finding {
  const names = adapters.filter((adapter) => adapter.connected).map(({ name }) => name);
  return names.length > 0
    ? { met: true, lines: [`connected: ${names.join(', ')}`] }
    : { met: false, lines: [`no ${what} is connected`] };
}

function tpmFinding(tpm: Machine['tpm'], state: 'enabled' | 'activated'): Finding {
  if (tpm === undefined) return { met: false, lines: ['the machine has no TPM'] };
  const met = tpm[state] && Number.parseFloat(tpm.specVersion) >= 2;
  return { met, lines: [`2.0 or later asked, TPM ${tpm.specVersion} there, ${tpm[state] ? '' : 'not '}${state}`] };
}
