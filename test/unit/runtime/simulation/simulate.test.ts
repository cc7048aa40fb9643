import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { RecordedMachine } from '../../../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { differences, Expectation } from '../../../../runtime/simulation/expectation.ts';
import { type SimulationResult, simulate } from '../../../../runtime/simulation/simulate.ts';
import { aMachine } from '../../../helpers/machine.ts';

type Given = {
  failures?: Record<string, number>;
  rollbacks?: readonly string[];
  signal?: AbortSignal;
  startsIn?: 'winpe' | 'full-os' | 'any';
  machine?: Partial<z.input<typeof RecordedMachine>>;
  /** Further fields of the sequence. */
  more?: string;
};

const WINDOWS_10 = {
  ...{ caption: 'Microsoft Windows 10 Pro', version: '10.0.19045', build: 19045, edition: 'Professional' },
  architecture: 'x64',
} as const;

function run(
  steps: string,
  { failures = {}, rollbacks = [], signal, startsIn = 'winpe', machine = {}, more = '' }: Given = {},
): Promise<SimulationResult> {
  const text = `{ formatVersion: 2, id: t, name: T, startsIn: ${startsIn}, ${more} steps: [${steps}] }`;
  const { sequence, problems } = loadSequence(text, 't.yaml');
  if (sequence === undefined) throw new Error(problems.map(({ message }) => message).join());
  return simulate({
    sequence,
    machine: RecordedMachine.parse({ ...aMachine(), ...machine }),
    variables: [],
    failures: new Map(Object.entries(failures)),
    rollbacks: new Set(rollbacks),
    signal: signal ?? new AbortController().signal,
  });
}

describe('simulate', () => {
  it('fails every attempt of a step that shall fail, and the first program of each alone', async () => {
    const steps = '{ step: run-command-line, name: A, command: a, retry: { count: 2 } }';
    const {
      steps: [step],
    } = await run(steps, { failures: { A: 7 } });
    expect(step).toMatchObject({ outcome: 'failed', commands: ['a', 'a', 'a'] });
  });

  it('has a step go on after a code that the sequence calls a success, and no step that is whole or nothing', async () => {
    const ready = '{ step: check-readiness, name: A, successCodes: [0, 7] }';
    const failures = { A: 7 };
    const { result, steps, variables } = await run(ready, { failures });
    expect([result, steps[0]?.outcome, variables._SMSTSLastActionRetCode]).toEqual(['succeeded', 'ran', '7']);
    expect((await run(ready, { failures: { A: 8 } })).result).toBe('failed');
    expect((await run('{ step: format-and-partition-disk, name: A }', { failures })).result).toBe('failed');
  });

  it('shows how logical volumes are made, and finds them by their variables', async () => {
    const volumes = `[{ type: primary, size: 100 MB, bootable: true }, { type: extended, size: rest },
      { type: logical, name: OS, size: rest, variable: OSDisk }, { type: hidden, name: Tools, size: 50 MB }]`;
    const { result, steps } = await run(
      `{ step: format-and-partition-disk, name: A, style: mbr, volumes: ${volumes} },
       { step: apply-operating-system, name: B, image: windows, volume: "%OSDisk%" }`,
    );
    expect(result).toBe('succeeded');
    const made = steps[0]?.writes.map((line) => line.slice(line.indexOf(': ') + 2));
    expect(made?.filter((line) => /^(create|set)/.test(line))).toEqual([
      'create partition primary size=100 offset=1024',
      expect.stringMatching(/^create partition extended size=\d+ offset=103424$/),
      'create partition logical',
      expect.stringMatching(/^create partition primary size=50 offset=\d+$/),
      'set id=17',
    ]);
  });

  it('gives a step whose condition cannot be evaluated no deeds of the step before', async () => {
    const { steps } = await run(
      `{ step: run-command-line, name: A, command: a },
       { step: run-command-line, name: B, command: b, condition: { wql: SELECT * FROM Win32_Unknown } }`,
    );
    expect(steps.map(({ outcome, commands }) => [outcome, commands])).toEqual([
      ['ran', ['a']],
      ['failed', []],
    ]);
  });

  it('shows the keyboard an image is given', async () => {
    const [, applied] = (
      await run(
        `{ step: format-and-partition-disk, volumes: [{ type: efi, name: System, size: 260 MB }, { type: primary, name: Windows, size: 100% }] },
         { step: apply-operating-system, image: windows, layeredDriver: 6 }`,
      )
    ).steps;
    expect(applied?.commands).toContainEqual(expect.stringMatching(/dism\.exe .*\/Image:\S+ \/Set-LayeredDriver:6 /));
  });

  it('names what a sequence has failed by: a step, or a group whose condition cannot be evaluated', async () => {
    const bad = 'condition: { wql: SELECT * FROM Win32_Unknown }';
    const step = await run(`{ step: run-command-line, name: A, command: a, ${bad} }`);
    expect(step.failed).toEqual({ name: 'A', reason: expect.stringContaining('Win32_Unknown') });
    const inner = '{ step: run-command-line, name: A, command: a }';
    const group = await run(`{ group: G, ${bad}, steps: [${inner}] }, ${inner.replace('A', 'B')}`);
    expect(group).toMatchObject({
      result: 'failed',
      failed: { name: 'G', reason: expect.stringContaining('Win32_Unknown') },
      steps: [
        { name: 'A', outcome: 'skipped', reason: expect.stringContaining('the condition of the group "G" cannot be') },
        { name: 'B', outcome: 'skipped', reason: 'a step before it has failed, or has ended the sequence' },
      ],
    });
    const whole = await run(inner);
    expect(whole).not.toHaveProperty('failed');
    expect(differences(Expectation.parse(JSON.parse(JSON.stringify(group))), group)).toEqual([]);
    expect(differences(Expectation.parse({ failed: { name: 'H' } }), group)).toEqual([
      'failed, name: expected "H", was "G"',
    ]);
  });

  it('refuses a sequence that restarts without end', async () => {
    const steps = Array.from({ length: 1001 }, (_, index) => `{ step: run-command-line, name: S${index}, command: a }`);
    const failures = Object.fromEntries(steps.map((_, index) => [`S${index}`, 3010]));
    const given: Given = { failures, startsIn: 'full-os', machine: { operatingSystem: WINDOWS_10 } };
    await expect(run(steps.join(), given)).rejects.toMatchObject({ code: 'SIMULATION_FAILED' });
  }, 60_000);

  it('is no answer when it was interrupted', async () => {
    const reason = new Error('interrupted');
    const signal = AbortSignal.abort(reason);
    await expect(run('{ step: run-command-line, command: a }', { signal })).rejects.toBe(reason);
  });

  it('shows no secret, not even the one that was expected', async () => {
    const result = await run('{ step: set-variable, variable: Key, value: hunter2, secret: true }');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    const expectation = Expectation.parse({ variables: { Key: 'hunter2' } });
    expect(differences(expectation, result)).toEqual(['variable Key: it is secret, expect "********"']);
    expect(differences(Expectation.parse({ variables: { Key: '********' } }), result)).toEqual([]);
  });

  it('does not show the password of the log folder where a program is given it too', async () => {
    const result = await run('{ step: run-command-line, command: tool hunter2 }', {
      more: "logFolder: '\\\\server\\logs', logAccount: ann, logPassword: hunter2,",
    });
    expect(result.steps[0]?.commands).toEqual(['tool ********']);
  });

  it('shows nowhere what only a later step knows to be secret', async () => {
    const result = await run(
      `{ step: set-variable, variable: Key, value: hunter2 },
       { step: run-command-line, command: a, condition: { variable: Key, value: other } },
       { step: set-variable, variable: Key, value: hunter2, secret: true }`,
    );
    expect(result.steps[1]?.reason).toBe('condition: Key ("********") equals "other" is false');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

const LAYOUT = `{ step: format-and-partition-disk, name: Disk, volumes: [
  { type: efi, name: System, size: 260 MB }, { type: primary, name: Windows, size: 100% }] }`;
const IMAGE = '{ step: apply-operating-system, name: Image, image: windows }';
const IN_WINDOWS = { startsIn: 'full-os', machine: { operatingSystem: WINDOWS_10 } } as const;

describe('what a simulation says of a step', () => {
  it('is why it had its turn: the conditions that hold, outermost first', async () => {
    const inner = `{ step: run-command-line, name: A, command: a, condition: { variable: X, operator: notExists } },
      { step: run-command-line, name: B, command: b, condition: { variable: X, value: x } }`;
    const { steps } = await run(
      `{ group: G, condition: { variable: _SMSTSModel, value: Model 1 }, steps: [${inner}] },
       { step: run-command-line, name: C, command: c }`,
    );
    const group = '"G": _SMSTSModel ("Model 1") equals "Model 1" is true';
    expect(steps.map(({ conditions, reason }) => [conditions, reason])).toEqual([
      [[group, '"A": X (not set) notExists is true'], ''],
      [[group], 'condition: X (not set) equals "x" is false'],
      [[], ''],
    ]);
  });

  it('keeps those of a step that runs again after a restart', async () => {
    const { steps } = await run(
      `{ group: G, condition: { variable: X, operator: notExists }, steps: [
          { step: run-command-line, name: A, command: a, successCodes: [3010] },
          { step: run-command-line, name: B, command: b, condition: { variable: Y, operator: notExists } }] }`,
      { ...IN_WINDOWS, failures: { A: 3010 } },
    );
    expect(steps.map(({ conditions }) => conditions)).toEqual([
      ['"G": X (not set) notExists is true'],
      ['"G": X (not set) notExists is true', '"B": Y (not set) notExists is true'],
    ]);
  });

  it('is which requirement the machine does not meet', async () => {
    const { steps, failed } = await run('{ step: check-readiness, name: A, memory: 1 TB, networkWired: true }');
    const reason = expect.stringMatching(
      /2 of the requirements: memory: 1 TB asked, .* there; wired network: no wired/,
    );
    expect(steps[0]).toMatchObject({ outcome: 'failed', reason });
    expect(failed).toEqual({ name: 'A', reason });
  });

  it('is what it does in order: a script is written before diskpart runs it', async () => {
    const [step] = (await run(LAYOUT)).steps;
    const kinds = step?.actions.map((action) => ('command' in action ? 'diskpart' : action.write.split(': ')[1]));
    expect(kinds?.slice(0, 7)).toEqual([
      ...['select disk 0', 'clean', 'convert gpt', expect.stringContaining('uniqueid'), 'diskpart'],
      ...['select disk 0', expect.stringContaining('create partition efi')],
    ]);
    expect(kinds?.slice(-2)).toEqual(['diskpart', undefined]);
    expect(step?.writes.at(-1)).toBe('S:\\_SMSTaskSequence\\journal');
    expect(step?.actions.flatMap((action) => Object.values(action)).toSorted()).toEqual(
      [...(step?.commands ?? []), ...(step?.writes ?? [])].toSorted(),
    );
  });

  it('is the command that installs an update, of a package that was recorded or not', async () => {
    const steps = '{ step: install-updates, name: A, packages: [updates, more] }';
    const packages = { more: ['kb1.cab', 'ReadMe.txt', 'KB2.msu'] };
    const { commands } = (await run(steps, { ...IN_WINDOWS, machine: { operatingSystem: WINDOWS_10, packages } }))
      .steps[0] ?? { commands: [] };
    const folder = 'C:\\_SMSTaskSequence\\Updates\\package';
    expect(commands.filter((line) => !line.includes('/Apply-Image'))).toEqual([
      `C:\\Windows\\System32\\wusa.exe ${folder}\\updates.msu /quiet /norestart`,
      expect.stringContaining(`/Add-Package /PackagePath:${folder}\\kb1.cab`),
      `C:\\Windows\\System32\\wusa.exe ${folder}\\KB2.msu /quiet /norestart`,
    ]);
  });

  it.each([
    ['winpe', 'C:\\_SMSTaskSequence\\boot\\boot.wim', '/bootsequence'],
    ['linux', 'S:\\EFI\\Mediasmith: the boot environment of the medium', 'bootsequence {'],
  ] as const)('is what a restart from Windows into %s takes', async (environment, file, command) => {
    const steps = '{ step: restart-computer, name: A, target: winpe }, { step: run-command-line, name: B, command: b }';
    const machine = { operatingSystem: WINDOWS_10, environment };
    const [restart, after] = (await run(steps, { startsIn: 'full-os', machine })).steps;
    expect(restart?.writes).toEqual(expect.arrayContaining(['C:\\_SMSTaskSequence\\journal', file]));
    expect(restart?.commands).toEqual(
      expect.arrayContaining([expect.stringContaining('schtasks.exe /Create'), expect.stringContaining(command)]),
    );
    expect(restart?.commands.at(-1)).toContain('shutdown.exe /r');
    expect(after).toMatchObject({ outcome: 'ran', commands: ['b'], writes: [] });
  });

  it('is no restart from Windows into Linux on a BIOS', async () => {
    const steps = '{ step: set-variable, name: A, variable: a, value: b }, { step: restart-computer, target: winpe }';
    const machine = { operatingSystem: WINDOWS_10, environment: 'linux', firmware: 'bios' } as const;
    const { result, steps: ran, failed } = await run(steps, { startsIn: 'full-os', machine });
    expect([result, failed?.reason]).toEqual(['failed', expect.stringContaining('with BIOS cannot be restarted')]);
    expect(ran.map(({ outcome }) => outcome)).not.toContain('ran');
  });

  it('is not what comes after the last of them', async () => {
    const { steps, ending, result } = await run(
      `${LAYOUT}, ${IMAGE}, { step: run-command-line, name: Last, command: a, continueOnError: true }`,
      { failures: { Last: 5 } },
    );
    expect([result, steps.at(-1)]).toMatchObject(['succeeded', { outcome: 'failed', commands: ['a'] }]);
    expect(ending.commands).toEqual([
      expect.stringContaining('bcdboot.exe W:\\Windows'),
      expect.stringContaining('bcdedit.exe'),
      expect.stringContaining('wpeutil.exe reboot'),
    ]);
    expect(
      differences(Expectation.parse({ ending: { commands: [] } }), { result, steps, ending, variables: {} }),
    ).toEqual([expect.stringContaining('ending, commands: expected []')]);
  });
});

describe('where a simulation starts', () => {
  const ver = '{ step: run-command-line, name: A, command: ver }';

  it.each([
    ['full-os', 'winpe', WINDOWS_10, 'false'],
    ['full-os', 'linux', WINDOWS_10, 'false'],
    ['winpe', 'windows', WINDOWS_10, 'true'],
    ['any', 'windows', WINDOWS_10, 'false'],
    ['any', 'winpe', WINDOWS_10, 'true'],
  ] as const)(
    'is what %s says, on a machine recorded in %s',
    async (startsIn, environment, operatingSystem, inWinpe) => {
      const { result, variables } = await run(ver, { startsIn, machine: { environment, operatingSystem } });
      expect([result, variables._SMSTSInWinPE]).toEqual(['succeeded', inWinpe]);
    },
  );

  it('is nowhere for a sequence of the running Windows where there is none', async () => {
    const reason = 'it is started in the running Windows, and this machine has none';
    expect(await run(ver, { startsIn: 'full-os' })).toMatchObject({
      result: 'failed',
      failed: { reason },
      steps: [{ outcome: 'skipped', reason }],
    });
  });

  it('has no Windows on a disk that is empty, until one is set up', async () => {
    const disk = { ...aMachine().disks[0], empty: true };
    const capture = '{ step: capture-operating-system, name: C, destination: a.wim }';
    const machine = { disks: [disk] } as Given['machine'];
    expect((await run(capture, { machine: machine ?? {} })).failed?.reason).toContain('no installed Windows');
  });
});

describe('an upgrade of Windows', () => {
  const upgrade = '{ step: upgrade-operating-system, name: Up, upgradePackage: w11, continueOnError: true }';
  const after = '{ step: set-variable, name: After, variable: Version, value: "%_SMSTSSetupRollback%" }';

  it('leaves the new Windows', async () => {
    const { steps, variables } = await run(
      `${upgrade}, { step: check-readiness, minimumOsVersion: 10.0.26100 }`,
      IN_WINDOWS,
    );
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ran', 'ran']);
    expect(variables._SMSTSSetupRollback).toBe('false');
  });

  it('is rolled back where that is asked for', async () => {
    const { steps, variables } = await run(
      `${upgrade}, ${after}, { step: check-readiness, maximumOsVersion: 10.0.19045 }`,
      { ...IN_WINDOWS, rollbacks: ['Up'] },
    );
    expect(steps.map(({ outcome }) => outcome)).toEqual(['failed', 'ran', 'ran']);
    expect(steps[0]?.reason).toContain('rolled the upgrade back');
    expect(steps[0]?.commands).toContainEqual(expect.stringContaining('setup.exe /Auto Upgrade'));
    expect(variables.Version).toBe('true');
  });
});
