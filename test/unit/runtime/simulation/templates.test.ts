import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecordedMachine } from '../../../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import type { Deeds } from '../../../../runtime/simulation/protocol.ts';
import { simulate } from '../../../../runtime/simulation/simulate.ts';
import { ROOT } from '../../../helpers/sources.ts';

const SEQUENCES = join(ROOT, 'templates/sequences');
const MACHINES = join(ROOT, 'templates/machines');
const templates = (await readdir(SEQUENCES)).filter((name) => name.endsWith('.yaml')).sort();
const machines = (await readdir(MACHINES)).filter((name) => name.endsWith('.json')).sort();

/** Where a template is not for a machine, or the machine not fit for it. */
const NOT_FOR: Readonly<Record<string, RegExp>> = {
  'capture-and-restore-user-state on virtual-machine': /started in the running Windows, and this machine has none/,
  'capture-image on virtual-machine': /no installed Windows/,
  'compatibility-scan on desktop-bios-two-disks': /the machine does not suffice/,
  'compatibility-scan on server': /type of Windows: client asked, server there/,
  'compatibility-scan on virtual-machine': /started in the running Windows, and this machine has none/,
  'data-wipe on desktop-bios-two-disks': /2 disks satisfy the rules/,
  'data-wipe on desktop-linux': /cmd\.exe ended with exit code 127/,
  'data-wipe on tablet-arm64': /runs on its battery/,
  'data-wipe on virtual-machine': /cmd\.exe ended with exit code 127/,
  'install-image on desktop-bios-two-disks': /2 disks satisfy the rules/,
  'install-image on tablet-arm64': /runs on its battery/,
  'upgrade-in-place on desktop-bios-two-disks': /the machine does not suffice/,
  'upgrade-in-place on server': /type of Windows: client asked, server there/,
  'upgrade-in-place on tablet-arm64': /runs on its battery/,
  'upgrade-in-place on virtual-machine': /started in the running Windows, and this machine has none/,
};

const recordedMachine = async (machine: string) =>
  RecordedMachine.parse(JSON.parse(await readFile(join(MACHINES, machine), 'utf8')));

async function simulated(template: string, machine: string, rollbacks: readonly string[] = []) {
  const { sequence } = loadSequence(await readFile(join(SEQUENCES, template), 'utf8'), template);
  if (sequence === undefined) throw new Error(`${template} is not valid`);
  const simulation = await simulate({
    sequence,
    machine: await recordedMachine(machine),
    variables: [],
    failures: new Map(),
    rollbacks: new Set(rollbacks),
    signal: new AbortController().signal,
  });
  const { result, failed, steps, ending } = simulation;
  const deeds = ({ actions }: Deeds) =>
    actions.map((action) => ('command' in action ? `  > ${action.command}` : `  + ${action.write}`));
  const lines = steps.flatMap((step) => [
    `${step.outcome}: ${step.name}`,
    ...step.conditions.map((condition) => `  if ${condition}`),
    ...(step.reason === '' ? [] : [`  because ${step.reason}`]),
    ...deeds(step),
  ]);
  lines.push('in the end', ...deeds(ending), ...(failed === undefined ? [] : [`  because ${failed.reason}`]));
  return { ...simulation, text: `${lines.join('\n')}\n${result}\n` };
}

describe.each(templates)('the template %s', (template) => {
  it.each(machines)('does on %s what it did before', async (machine) => {
    const names = [basename(template, '.yaml'), basename(machine, '.json')] as const;
    const { result, steps, failed, text } = await simulated(template, machine);
    await expect(text).toMatchFileSnapshot(`templates/${names.join('.')}.txt`);
    const why = NOT_FOR[names.join(' on ')];
    expect(result).toBe(why === undefined ? 'succeeded' : 'failed');
    const reasons = [
      failed?.reason,
      ...steps.filter(({ outcome }) => outcome === 'failed').map(({ reason }) => reason),
    ];
    if (why !== undefined) expect(reasons).toContainEqual(expect.stringMatching(why));
  });
});

/** WinPE's drive and programs, but for what the Windows that was set up starts of its own. */
const isOfWinpe = (line: string): boolean =>
  /X:\\|diskpart|dism|bcdboot|bcdedit|wpeutil/i.test(line) && !line.startsWith('C:\\Windows\\System32\\');

describe('a machine that boots Linux', () => {
  it('is never shown in the words of WinPE', async () => {
    let [boots, deeds] = [0, 0];
    for (const machine of machines) {
      if ((await recordedMachine(machine)).environment !== 'linux') continue;
      boots++;
      for (const template of templates) {
        const { steps, ending } = await simulated(template, machine);
        const lines = [...steps, ending].flatMap(({ commands, writes }) => [...commands, ...writes]);
        expect(lines.filter(isOfWinpe)).toEqual([]);
        deeds += lines.length;
      }
    }
    expect([boots, deeds > 100]).toEqual([2, true]);
  });

  it('where a machine with WinPE is', async () => {
    const { steps } = await simulated('install-image.yaml', 'laptop-uefi-tpm.json');
    const lines = steps.flatMap(({ commands }) => commands).filter(isOfWinpe);
    expect(lines.some((line) => line.startsWith('X:\\Windows\\System32\\dism.exe'))).toBe(true);
  });
});

it('an upgrade that is rolled back looks after the old Windows, keeps the logs and has failed', async () => {
  const rollbacks = ['Upgrade Operating System'];
  const { result, steps, text } = await simulated('upgrade-in-place.yaml', 'laptop-windows-10.json', rollbacks);
  await expect(text).toMatchFileSnapshot('templates/upgrade-in-place.laptop-windows-10.rolled-back.txt');
  const outcomes = new Map(steps.map(({ name, outcome }) => [name, outcome]));
  expect(result).toBe('failed');
  expect(outcomes.get('Remember the rollback')).toBe('ran');
  expect(outcomes.get('Copy the logs of the rollback')).toBe('ran');
  expect(outcomes.get('Enable the recovery environment')).toBe('skipped');
});
