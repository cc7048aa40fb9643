import type { Problem } from '../../contract/errors.ts';
import type { Step } from '../schema.ts';
import { definitionOf } from '../schema.ts';
import type { Path, Place, ProblemAt } from './places.ts';

/** `what`: where it is not simply without effect. `instead`: what to do, as sentences. */
export type WithoutEffect = { names: string; why: string; instead: string; what?: string };

const TAKE_OUT = 'Take it out.';
const DISK = 'chooses no disk here';
const BY_RULES = 'a disk is chosen by rules, and the step fails where the number is not that of the disk they choose';
const NAME_RULES = 'Say by "disk" of the step which disk is meant.';

/** Variables of ConfigMgr that nothing here does what it says of, by what they are for. A `*` stands for any ending. */
export const WITHOUT_EFFECT: readonly WithoutEffect[] = [
  {
    names: 'TSDebugMode TSDebugOnError',
    why: 'there is no debugger',
    instead: 'Try the sequence with "mediasmith simulate". A failure shows a screen with a command prompt.',
  },
  {
    names: 'SMSTSDownload* SMSTSPeer* SMSTSPersistContent SMSTSPreserveContent',
    why: 'content is read from the medium',
    instead: 'Take it out. stage-content copies packages onto a disk.',
  },
  {
    names: 'SMSTSLocalDataDrive',
    why: 'the state of a run and its log lie where the next start finds them',
    instead: 'Read _SMSTSMDataPath and _SMSTSLogPath. stage-content and logFolder take a place of yours.',
  },
  {
    names: 'SMSTSMP SMSTSMPListRequest* SMSTSAssignmentsDownload* SMSTSDisableStatusRetry',
    why: 'there is no management point',
    instead: TAKE_OUT,
  },
  { names: 'SMSTSDriverRequest*', why: 'no server is asked for drivers', instead: TAKE_OUT },
  {
    names: 'SMSTSSoftwareUpdateScan* SMSTSWaitForSecondReboot SMSInstallUpdateTarget',
    why: 'no server is asked for updates',
    instead: 'Take it out. install-updates installs those of its package, and a restart comes where they ask for one.',
  },
  { names: 'SMSTSAssignUsersMode SMSTSUDAUsers', why: 'users are not assigned to machines', instead: TAKE_OUT },
  {
    names: 'SetupCompletePause',
    why: 'the sequence goes on by a task of Windows, not from SetupComplete',
    instead: TAKE_OUT,
  },
  {
    names: 'SMSTSLanguageFolder',
    why: 'the boot environment speaks one language',
    instead: 'Take it out. keyboardLayout in media.yaml is its keyboard.',
  },
  {
    names: 'TSErrorOnWarning',
    why: 'applications have no requirements that could warn',
    instead: 'Ask for what an application needs by a condition of its step.',
  },
  {
    names: 'TSUEFIDrive',
    why: 'the volume that firmware starts from is known by the layout',
    instead: 'Keep it only where a step of yours reads it.',
  },
  { names: 'OSDDiskIndex OSDConvertDiskIndex', what: DISK, why: BY_RULES, instead: NAME_RULES },
  {
    names: 'OSDGPTBootDisk',
    why: 'the volumes say whether a machine can start from the disk',
    instead: 'Give the step an efi volume where it shall.',
  },
  {
    names: 'OSDDiskpartBiosCompatibilityMode',
    why: 'every partition begins at a whole MiB',
    instead: TAKE_OUT,
  },
  { names: 'OSDBitLockerStartupKey', why: 'Windows draws the startup key', instead: TAKE_OUT },
  {
    names: 'OSDRecoveryKeyPolling*',
    why: 'there is no ConfigMgr database for recovery keys',
    instead: 'Let recoveryKey of enable-bitlocker be active-directory.',
  },
  {
    names: 'OSDStateFallbackToNAA',
    why: 'there is no network access account',
    instead: 'Connect to the share by connect-network-folder.',
  },
  {
    names: 'OSDApplyDriverBootCritical*',
    why: 'only Windows before Vista needed a mass-storage driver named',
    instead: TAKE_OUT,
  },
  {
    names: 'OSDServerLicense*',
    why: 'only Windows before Vista and Server 2008 had a licensing mode',
    instead: TAKE_OUT,
  },
  {
    names: 'OSDBuildStorageDriverList',
    why: 'only Windows before Vista had a list of mass-storage drivers',
    instead: TAKE_OUT,
  },
];

/** Why setting a variable does not do here what it does in ConfigMgr; undefined for every other. */
export function withoutEffect(name: string): WithoutEffect | undefined {
  return WITHOUT_EFFECT.find(({ names }) => names.split(' ').some((pattern) => fits(pattern, name)));
}

/** The same in a sentence without its full stop. */
export function describeWithoutEffect(name: string, { what = 'has no effect here', why }: WithoutEffect): string {
  return `${name} ${what}: ${why}`;
}

/** A warning where a variable is given a value for nothing. */
export function withoutEffectProblem(name: string, path: Path, problemAt: ProblemAt): Problem[] {
  const found = withoutEffect(name);
  if (found === undefined) return [];
  const message = describeWithoutEffect(name, found);
  return [problemAt(path, { code: 'VARIABLE_WITHOUT_EFFECT', severity: 'warning', message, hint: found.instead })];
}

/** {@link withoutEffectProblem} for every variable that a step sets, where its name stands. */
export function setForNothing(steps: readonly Place<Step>[], problemAt: ProblemAt): Problem[] {
  return steps.flatMap(({ entry, path }) => {
    const named = definitionOf(entry)
      .sets(entry as never)
      .filter((name) => withoutEffect(name) !== undefined);
    const { name: _, description: __, condition: ___, ...options } = entry;
    return [...new Set(named)].flatMap((name) =>
      pathsOf(name, options, path).flatMap((at) => withoutEffectProblem(name, at, problemAt)),
    );
  });
}

/** Where a text stands in plain data. */
function pathsOf(text: string, value: unknown, path: Path): Path[] {
  if (value === text) return [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) =>
    pathsOf(text, part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function fits(pattern: string, name: string): boolean {
  const [begin = '', any] = pattern.toLowerCase().split('*');
  return any === undefined ? name.toLowerCase() === begin : name.toLowerCase().startsWith(begin);
}
