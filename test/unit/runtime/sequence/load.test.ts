import { describe, expect, it } from 'vitest';
import { type KnownContent, loadSequence } from '../../../../runtime/sequence/load.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';

const HEAD = 'formatVersion: 2\nid: x\nname: n\nsteps:\n';
const CONDITION = 'condition: { variable: _SMSTSModel, operator: exists }';

const KNOWN: KnownContent = {
  ...{ platform: 'linux', images: ['windows'], packages: ['net', 'disk'], applications: ['office'] },
  ...{ upgradePackages: ['win11'], variables: ['Site'], sequences: undefined },
};

function findings(steps: string, known?: KnownContent): string[] {
  const { problems } = loadSequence(HEAD + steps, 'f.yaml', known);
  return problems.map(({ line, message }) => `${line} ${message}`);
}

describe('steps behind a restart', () => {
  const never = (line: number, name: string) =>
    `${line} "${name}" would never run: it comes after a step that restarts the machine for good`;

  it('are named, each of them, however deep', () => {
    const steps =
      '  - group: G\n    steps:\n      - step: restart-computer\n  - step: run-command-line\n    command: [a]\n' +
      '  - group: H\n    steps:\n      - { step: set-variable, name: B, variable: B, value: b }\n';
    expect(findings(steps)).toEqual([never(8, 'Run Command Line'), never(12, 'B')]);
  });

  it('are in order where a condition may skip the restart, or the group around it', () => {
    const after = '  - { step: run-command-line, command: [a] }\n';
    expect(findings(`  - step: restart-computer\n    ${CONDITION}\n${after}`)).toEqual([]);
    const group = `  - group: G\n    ${CONDITION}\n    steps:\n      - step: restart-computer\n`;
    expect(findings(group + after)).toEqual([]);
  });

  it('are in order where the restart is disabled, or they are', () => {
    const after = '  - { step: run-command-line, command: [a] }\n';
    expect(findings(`  - { step: restart-computer, enabled: false }\n${after}`)).toEqual([]);
    expect(
      findings('  - step: restart-computer\n  - { step: run-command-line, command: [a], enabled: false }\n'),
    ).toEqual([]);
    expect(findings(`  - group: G\n    enabled: false\n    steps:\n      - step: restart-computer\n${after}`)).toEqual(
      [],
    );
  });

  it('are named even when they have a condition', () => {
    const steps = `  - step: restart-computer\n  - step: run-command-line\n    command: [a]\n    ${CONDITION}\n`;
    expect(findings(steps)).toEqual([never(6, 'Run Command Line')]);
  });

  it('are in order after setup-windows, after a restart into the boot environment and in the running Windows', () => {
    const after = '  - { step: run-command-line, command: [a] }\n';
    expect(findings(`  - step: setup-windows\n${after}  - step: restart-computer\n${after}`)).toEqual([]);
    expect(findings(`  - { step: restart-computer, target: winpe }\n${after}`)).toEqual([]);
    const started = `formatVersion: 2\nid: x\nname: n\nstartsIn: full-os\nsteps:\n  - step: restart-computer\n${after}`;
    expect(loadSequence(started, 'f').problems).toEqual([]);
  });
});

describe('a restart from Windows into Linux', () => {
  const restart = (more = '') => `  - { step: restart-computer, target: winpe${more} }\n`;
  const inWindows = (steps: string, known: KnownContent | undefined = KNOWN, startsIn = 'full-os') =>
    loadSequence(HEAD.replace('steps:', `startsIn: ${startsIn}\nsteps:`) + steps, 'f', known).problems;

  it('is a warning: a computer with BIOS refuses it', () => {
    expect(inWindows(restart())).toMatchObject([
      { line: 6, severity: 'warning', message: expect.stringContaining('a computer with BIOS refuses') },
    ]);
    expect(inWindows(`  - step: setup-windows\n${restart()}`, KNOWN, 'winpe')).toMatchObject([{ line: 7 }]);
  });

  it.each([
    ['where the medium boots WinPE', restart(), { ...KNOWN, platform: 'winpe' as const }, 'full-os'],
    [
      'where a condition asks for UEFI',
      restart(', condition: { variable: _SMSTSBootUEFI, value: "true" }'),
      KNOWN,
      'full-os',
    ],
    [
      'where it may be started from the medium',
      restart(', condition: { variable: _SMSTSInWinPE, value: "false" }'),
      KNOWN,
      'any',
    ],
    ['from Linux itself', restart(), KNOWN, 'winpe'],
  ])('is none %s', (_, steps, known, startsIn) => {
    expect(inWindows(steps, known, startsIn)).toEqual([]);
  });
});

describe('a step that cannot run where the sequence is', () => {
  const ENCRYPT = '  - { step: enable-bitlocker }\n';
  const PARTITION = '  - { step: format-and-partition-disk }\n';

  it('is found at its type, with where it may stand', () => {
    expect(loadSequence(HEAD + ENCRYPT, 'f', KNOWN).problems).toMatchObject([
      {
        ...{ line: 5, column: 7, severity: 'error' },
        message: '"Enable BitLocker" cannot run here: the sequence is in the Linux boot environment at this step',
        hint: 'It runs in the running Windows. It may come after setup-windows, or startsIn may be full-os.',
      },
    ]);
  });

  it.each([
    ['after setup-windows', `  - step: setup-windows\n${ENCRYPT}`],
    ['where runIn skips it', '  - { step: enable-bitlocker, runIn: full-os }\n'],
    ['where a condition asks for the running Windows', notInWinpe('equals', '"false"')],
    ['where a condition asks for it by its opposite', notInWinpe('notEquals', '"TRUE"')],
    [
      'after a restart that may not be reached',
      `  - { step: setup-windows, ${CONDITION} }\n  - { step: apply-operating-system, image: windows }\n`,
    ],
    [
      'after a group that may have failed on either side of a restart',
      `  - group: G\n    continueOnError: true\n    steps:\n      - step: setup-windows\n  - { step: apply-operating-system, image: windows }\n`,
    ],
    ['after a script has asked for a restart', restartAsked('"%Site%"')],
    ['where a restart by a variable leads into the boot environment', restartAsked('WinPE', PARTITION)],
    ['where it leads back to where it is', restartAsked('"true"', PARTITION)],
    ['where none was asked for', restartAsked('"false"', PARTITION)],
    ['after a restart by a variable in the running Windows', `  - step: setup-windows\n${restartAsked('HD')}`],
  ])('is in order %s', (_, steps) => {
    expect(findings(steps, KNOWN)).toEqual([]);
  });

  it('is one behind a restart into a Windows that knows nothing of it, asked for by a variable', () => {
    const never = 'would never run: it comes after a step that restarts the machine for good';
    expect(findings(restartAsked('HD'), KNOWN)).toEqual([`6 "Enable BitLocker" ${never}`]);
    expect(findings(restartAsked('hd', PARTITION), KNOWN)).toEqual([`6 "Format and Partition Disk" ${never}`]);
  });

  it('is one in the boot environment once the sequence is in Windows', () => {
    const steps = '  - step: setup-windows\n  - { step: apply-operating-system, image: windows }\n';
    expect(findings(steps, KNOWN)).toEqual([
      '6 "Apply Operating System Image" cannot run here: the sequence is in the running Windows at this step',
    ]);
  });

  it('is one where every place that a condition leaves is wrong', () => {
    const condition = '{ any: [{ variable: _SMSTSInWinPE, value: "false" }, { variable: Site, value: a }] }';
    const step = (written: string) => `  - { step: enable-bitlocker, condition: ${written} }\n`;
    const anywhere = HEAD.replace('steps:', 'startsIn: any\nsteps:');
    expect(loadSequence(anywhere + step(condition), 'f', KNOWN).problems).toEqual([]);
    expect(findings(step(condition), KNOWN)).toHaveLength(1);
    const inBoot = condition.replace('any', 'all').replace('"false"', '"true"');
    expect(loadSequence(anywhere + step(inBoot), 'f', KNOWN).problems).toHaveLength(1);
    expect(loadSequence(anywhere + step(`{ none: [${inBoot}] }`), 'f', KNOWN).problems).toEqual([]);
  });

  it('is told for the boot environment of the medium, and without a medium for both', () => {
    const steps = '  - { step: pre-provision-bitlocker }\n';
    expect(findings(steps, KNOWN)).toHaveLength(1);
    expect(findings(steps, { ...KNOWN, platform: 'winpe' })).toEqual([]);
    expect(findings(steps)).toEqual([]);
  });

  function notInWinpe(operator: string, value: string): string {
    return `  - { step: enable-bitlocker, condition: { variable: _SMSTSInWinPE, operator: ${operator}, value: ${value} } }\n`;
  }

  function restartAsked(into: string, then = ENCRYPT): string {
    return `  - { step: set-variable, variable: SMSTSRebootRequested, value: ${into} }\n${then}`;
  }
});

describe('content', () => {
  it('that the project has is in order, and a name that a variable gives', () => {
    const steps =
      '  - { step: apply-operating-system, image: windows }\n  - { step: apply-driver-package, package: net }\n' +
      '  - { step: apply-driver-package, package: "%Site%" }\n';
    expect(findings(steps, KNOWN)).toEqual([]);
  });

  it('that it does not have is found at the name', () => {
    const steps =
      '  - step: apply-operating-system\n    image: Windows\n' +
      '  - step: run-command-line\n    command: [a]\n    package: windows\n';
    expect(loadSequence(HEAD + steps, 'f.yaml', KNOWN).problems).toMatchObject([
      { line: 6, column: 5, hint: 'Did you mean "windows"?' },
      { line: 9, column: 5, hint: 'The project has: net, disk.' },
    ]);
  });

  it('of every kind is asked for, also in lists', () => {
    const steps =
      '  - step: setup-windows\n  - step: install-application\n    applications: [office, offise]\n' +
      '  - { step: upgrade-operating-system, upgradePackage: win12 }\n';
    expect(loadSequence(HEAD + steps, 'f.yaml', KNOWN).problems).toMatchObject([
      { line: 7, column: 28, hint: 'Did you mean "office"?' },
      {
        line: 8,
        message: '"Upgrade Operating System" uses "win12", which is not among the upgrade packages of the project',
      },
    ]);
  });

  it('is not asked for by a step that is disabled, nor where nothing is known of it', () => {
    const step = '  - { step: apply-operating-system, image: other, enabled: false }\n  - step: restart-computer\n';
    expect(findings(step, KNOWN)).toEqual([]);
    expect(findings('  - { step: apply-operating-system, image: other }\n')).toEqual([]);
  });
});

describe('a variable that nothing sets', () => {
  const shown = (name: string, more = '') => `nothing sets the variable "${name}"${more}`;

  it('is warned of once, where it is read first, and the sequence is there', () => {
    const steps =
      '  - { step: set-variable, variable: Office, value: Berlin }\n' +
      '  - { step: run-command-line, command: [a, "%Ofice%", "%office%"] }\n' +
      '  - { step: run-command-line, command: "b %ofice%", condition: { variable: OFICE } }\n';
    const { sequence, problems } = loadSequence(HEAD + steps, 'f');
    expect(sequence?.id).toBe('x');
    expect(problems).toMatchObject([
      {
        ...{ severity: 'warning', line: 6, hint: 'Did you mean "Office"?' },
        message: shown('Ofice', ', which is read 3 times'),
      },
    ]);
  });

  it('is none of the medium, the engine, Windows itself, and none a step gives by a pattern', () => {
    const command = '["%Site%", "%_SMSTSMake%", "%SystemRoot%\\\\a", "%_TS_CRMemory%", "%OSDAdapter0Name%", "%Disk%"]';
    const steps =
      '  - { step: check-readiness }\n' +
      `  - { step: format-and-partition-disk, volumes: [{ type: primary, size: rest, variable: Disk }] }\n` +
      `  - { step: run-command-line, command: ${command} }\n`;
    expect(findings(steps, KNOWN)).toEqual([`7 ${shown('OSDAdapter0Name')}`]);
    const captured = `  - { step: capture-network-settings, runIn: full-os }\n${steps}`;
    expect(findings(captured, KNOWN)).toEqual([]);
    expect(findings(steps)).toEqual([`7 ${shown('Site')}`, `7 ${shown('OSDAdapter0Name')}`]);
  });

  it('is also one of ConfigMgr that has no value here', () => {
    const read = (name: string) => `  - { step: run-command-line, command: "%${name}%" }\n`;
    const none = ['_SMSTSClientCache', '_SMSTSRunFromDP', '_SMSTSAppInstallNeedsRetry', '_TS_CRMEMORY', '_TS_CRFOO'];
    for (const name of none) expect(findings(read(name), KNOWN)).toEqual([`5 ${shown(name)}`]);
    for (const name of ['_SMSTSTimezone', '_SMSTSMediaType']) expect(findings(read(name), KNOWN)).toEqual([]);
    for (const name of ['_SMSTSBootImageID', '_OSDDetectedWinDrive']) {
      expect(findings(read(name), KNOWN)).toEqual([`5 ${shown(name)}`]);
      expect(findings(read(name), { ...KNOWN, platform: 'winpe' })).toEqual([]);
    }
  });

  it('is another warning where only a later step sets it', () => {
    const read = '  - { step: run-command-line, command: "%Late%" }\n';
    const set = '  - { step: set-variable, variable: Late, value: x }\n';
    const late = 'nothing has set the variable "Late" when it is read here: "Set Task Sequence Variable" comes later';
    expect(findings(read + read + set, KNOWN)).toEqual([`5 ${late}`]);
    expect(findings(read.replace('"%Late%"', 'a, condition: { variable: Late, value: x }') + set, KNOWN)).toEqual([
      `5 ${late}`,
    ]);
    expect(findings(set + read + set, KNOWN)).toEqual([]);
    // Whether it is set is a question that may be asked at any time; and a step may extend what it sets.
    expect(findings(read.replace('"%Late%"', 'a, condition: { variable: Late }') + set, KNOWN)).toEqual([]);
    expect(findings(set.replace('value: x', 'value: "%Late%,x"'), KNOWN)).toEqual([]);
    expect(findings(read + set, { ...KNOWN, variables: ['late'] })).toEqual([]);
    // The folder of the logs is looked at when all is over.
    expect(loadSequence(HEAD.replace('steps:', 'logFolder: "D:/%Late%"\nsteps:') + set, 'f', KNOWN).problems).toEqual(
      [],
    );
  });

  it('is not one that only an option is overridden by', () => {
    expect(findings('  - { step: apply-windows-settings }\n')).toEqual([]);
    expect(findings('  - { step: apply-windows-settings, computerName: "%OSDComputerName%" }\n')).toHaveLength(1);
  });
});

describe('children', () => {
  const sequence = (id: string, ...steps: object[]) => Sequence.parse({ formatVersion: 2, id, name: id, steps });
  const calls = (child: string) => ({ step: 'run-sequence', sequence: child });
  const known = (...sequences: Sequence[]): KnownContent => ({
    ...KNOWN,
    sequences: new Map([...sequences, sequence('x', calls('a'))].map((one) => [one.id, one])),
  });
  const CALL = '  - step: run-sequence\n    sequence: a\n';

  it('that are missing are found at the name', () => {
    expect(loadSequence(HEAD + CALL, 'f', known(sequence('aa', { step: 'restart-computer' }))).problems).toMatchObject([
      { line: 6, column: 5, message: 'there is no sequence "a" in the project', hint: 'Did you mean "aa"?' },
    ]);
  });

  it('that come back to the sequence are found, however far around', () => {
    expect(findings(CALL, known(sequence('a', calls('b')), sequence('b', calls('x'))))).toEqual([
      '6 the sequence calls itself: x > a > b > x',
    ]);
    expect(findings('  - { step: run-sequence, sequence: x }\n')).toEqual(['5 the sequence calls itself: x > x']);
  });

  it('that call themselves are named where they are called', () => {
    expect(findings(CALL, known(sequence('a', calls('a'))))).toEqual(['6 sequence "x": it calls itself: x > a > a']);
  });

  it('that double again and again are refused', () => {
    const tower = Array.from({ length: 40 }, (_, n) => sequence(`t${n}`, calls(`t${n + 1}`), calls(`t${n + 1}`)));
    const steps = '  - { step: run-sequence, sequence: t0 }\n';
    const found = findings(steps, known(...tower, sequence('t40', { step: 'restart-computer' })));
    expect(found).toEqual([expect.stringContaining('with its children it has more than')]);
  });

  it('are followed: where they leave the sequence, what they cannot do, what they set', () => {
    const setsUp = known(sequence('a', { step: 'set-variable', variable: 'C', value: '1' }, { step: 'setup-windows' }));
    expect(findings(`${CALL}  - { step: run-command-line, command: ["%C%"], runIn: full-os }\n`, setsUp)).toEqual([]);
    expect(findings(`${CALL}  - { step: enable-bitlocker }\n`, setsUp)).toEqual([]);
    const encrypts = known(sequence('a', { step: 'enable-bitlocker' }, { step: 'disable-bitlocker' }));
    expect(findings(CALL, encrypts)).toEqual([
      expect.stringMatching(/^5 "Enable BitLocker" of sequence "a" cannot run here/),
    ]);
  });
});

it('names what contradicts itself among the options of a step', () => {
  const steps = '  - step: setup-windows\n  - { step: join-domain-or-workgroup, domain: d, workgroup: w }\n';
  expect(findings(steps)).toEqual(['6 "Join Domain or Workgroup": domain and workgroup exclude each other']);
});

it('lets nothing follow a vital step that has failed', () => {
  expect(findings('  - { step: setup-windows, continueOnError: true }\n')).toEqual([
    expect.stringMatching(/^5 steps\.0\.continueOnError: "true" is not known here/),
  ]);
});

it('hands back either the sequence or problems', () => {
  const good = loadSequence(`${HEAD}  - step: restart-computer\n`, 'f');
  expect([good.sequence?.id, good.problems]).toEqual(['x', []]);
  const bad = loadSequence(`${HEAD}  - step: nothing\n`, 'f');
  expect([bad.sequence, bad.problems.length]).toEqual([undefined, 1]);
});

it('reads version 1, in which only 0 was a success, and JSON', () => {
  const old = { formatVersion: 1, id: 'x', name: 'n', steps: [{ step: 'run-command-line', command: ['a'] }] };
  const { sequence, problems } = loadSequence(JSON.stringify(old), 'f.json');
  expect(problems).toEqual([]);
  expect(sequence).toMatchObject({ formatVersion: 2, steps: [{ successCodes: [0] }] });
});
