import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../helpers/cli.ts';
import { guideBlocks } from '../helpers/guide.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const MACHINES = join(ROOT, 'templates/machines');

type Step = { name: string; type: string; outcome: string; reason: string; commands: string[]; writes: string[] };
type Simulation = { result: string; steps: Step[]; variables: Record<string, string> };

async function json<T>(...args: string[]): Promise<{ exitCode: number | null; document: T }> {
  const { exitCode, stdout, stderr } = await cli([...args, '--json']);
  expect(stderr).toBe('');
  return { exitCode, document: JSON.parse(stdout) };
}

describe('sequence new', () => {
  it('lists the templates, for people and for scripts', async () => {
    const { exitCode, document } = await json<{ templates: object[] }>('sequence', 'new', '--list');
    expect(exitCode).toBe(0);
    expect(document.templates).toContainEqual({
      name: 'custom',
      title: 'Custom',
      description: 'A sequence of your own.',
      parameters: [
        { name: 'id', default: 'custom', description: 'Names the sequence on the medium and on the boot menu' },
        { name: 'name', default: 'Custom', description: 'Shown in the menu and while it runs' },
        { name: 'memory', default: '1 GB', description: 'Memory the machine must have at least' },
      ],
    });
    const { stdout } = await cli(['sequence', 'new', '--list']);
    expect(stdout).toContain('\n    image            The Windows image (windows-11)\n');
  });

  it('writes a sequence that validate accepts, and says what it takes from the project', async () => {
    const out = join(await temporaryFolder(), 'install.yaml');
    const args = ['install-image', '--out', out, '--set', 'image=windows', 'name=Branch office', '--set', 'id=branch'];
    const { exitCode, document } = await json('sequence', 'new', ...args);
    expect([exitCode, document]).toEqual([
      0,
      {
        file: out,
        template: 'install-image',
        id: 'branch',
        name: 'Branch office',
        needs: {
          images: ['windows'],
          packages: ['usmt', 'drivers-latitude-5440', 'drivers-thinkpad-t14', 'updates'],
          applications: ['office-suite'],
          upgradePackages: [],
        },
      },
    ]);
    const wipes = [{ sequence: 'branch', volume: 'the volume of the Windows that is there' }];
    expect(await json('validate', out)).toMatchObject({ exitCode: 0, document: { problems: [], wipes } });
    const again = await json<{ error: { code: string } }>('sequence', 'new', ...args);
    expect([again.exitCode, again.document.error.code]).toEqual([2, 'OUTPUT_EXISTS']);
  });

  it.each([
    [['datawipe', '--out', 'x.yaml'], 'TEMPLATE_NOT_FOUND'],
    [['custom'], 'USAGE'],
    [['--out', 'x.yaml'], 'USAGE'],
    [['custom', '--out', 'x.yaml', '--set', 'name'], 'USAGE'],
    [['custom', '--out', '/proc/no/such/folder/x.yaml'], 'FILE_SYSTEM'],
  ])('%j is refused with %s', async (args, code) => {
    const { document } = await json<{ error: { code: string } }>('sequence', 'new', ...args);
    expect(document.error.code).toBe(code);
  });
});

describe('a template, simulated', () => {
  async function simulate(template: string, machine: string, ...args: string[]): Promise<Simulation> {
    const sequence = join(ROOT, 'templates/sequences', `${template}.yaml`);
    const file = join(MACHINES, `${machine}.json`);
    return (await json<Simulation>('simulate', sequence, '--machine', file, ...args)).document;
  }
  const ran = ({ steps }: Simulation): string[] =>
    steps.filter(({ outcome }) => outcome === 'ran').map(({ name }) => name);
  const step = ({ steps }: Simulation, name: string): Step | undefined => steps.find((one) => one.name === name);

  it('install-image takes the drivers of the model, and goes on in the new Windows', async () => {
    const simulation = await simulate('install-image', 'laptop-uefi-tpm');
    expect(simulation.result).toBe('succeeded');
    expect(ran(simulation)).toContain('Drivers by the name of the model');
    expect(step(simulation, 'Drivers by a query')?.outcome).toBe('skipped');
    expect(ran(simulation).slice(-3)).toEqual(['Setup Windows', 'Install Software Updates', 'Install Application']);
    expect(step(simulation, 'Request State Store')?.outcome).toBe('skipped');
    expect(step(simulation, 'Enable BitLocker')?.reason).toContain('PartOfDomain');
  });

  const SHARE = ['--variable', 'OSDStateStorePath=\\\\server\\userstate\\NB-EINKAUF-03'];

  it.each([
    ['on its disk', [], 'Capture User State by links', 'Delete the links'],
    ['on a share', SHARE, 'Capture User State', 'Release State Store'],
  ])('install-image, begun in the running Windows, brings back user state %s', async (_, args, capture, release) => {
    const simulation = await simulate('install-image', 'laptop-windows-10', ...args);
    expect(simulation.result).toBe('succeeded');
    const done = ran(simulation);
    expect(done).toContain('Drivers by a query');
    expect(done.indexOf(capture)).toBeLessThan(done.indexOf('Restart in the boot environment'));
    const apply = args.length > 0 ? 'Format and Partition Disk' : 'Apply Operating System Image beside the user state';
    expect(done.indexOf('Restart in the boot environment')).toBeLessThan(done.indexOf(apply));
    expect(done.includes('Format and Partition Disk')).toBe(args.length > 0);
    expect(done.slice(-3)).toEqual(['Request State Store', 'Restore User State', release]);
  });

  it('install-image removes everything of the volume but the user state where that lies on it', async () => {
    const simulation = await simulate('install-image', 'laptop-windows-10');
    const { commands, writes } = step(simulation, 'Apply Operating System Image beside the user state') ?? {};
    expect(writes).toContain('C:\\: everything is removed but _SMSTaskSequence, System Volume Information, UserState');
    expect(commands?.join()).toContain('/ApplyDir:C:\\');
    expect(step(simulation, 'Restore User State')?.commands.join()).toContain('C:\\UserState /hardlink /nocompress');
  });

  it.each([
    ['on the disk', ['--fail', 'Capture User State by links=61']],
    ['on a share', [...SHARE, '--fail', 'Capture User State=61']],
  ])('install-image erases nothing after a capture %s that fails', async (_, args) => {
    const simulation = await simulate('install-image', 'laptop-windows-10', ...args);
    expect(simulation.result).toBe('failed');
    expect(ran(simulation)).not.toContain('Restart in the boot environment');
    expect(simulation.steps.flatMap(({ commands }) => commands).join()).not.toContain('diskpart');
  });

  it('install-image joins a domain where variables ask for one', async () => {
    const join = ['OSDNetworkJoinType=0', 'OSDDomainName=example.com'];
    const simulation = await simulate('install-image', 'server', '--variable', ...join);
    expect(simulation.result).toBe('succeeded');
    expect(step(simulation, 'Apply Network Settings')?.outcome).toBe('ran');
  });

  it('capture-image prepares the running Windows, then captures it from the boot environment', async () => {
    const prepared = ran(await simulate('capture-image', 'laptop-windows-10'));
    expect(prepared).toContain('Prepare Windows for Capture');
    expect(prepared).not.toContain('Leave the domain');
  });

  it.each([
    ['capture', 'Capture User State'],
    ['restore', 'Restore User State'],
  ])('capture-and-restore-user-state does %s', async (action, done) => {
    const machine = 'laptop-windows-10';
    const simulation = await simulate(
      'capture-and-restore-user-state',
      machine,
      '--variable',
      `UserStateAction=${action}`,
    );
    expect([simulation.result, ran(simulation)]).toEqual([
      'succeeded',
      ['This machine, if no other is named', 'Choose the store', 'Request State Store', done, 'Release State Store'],
    ]);
    expect(step(simulation, done)?.commands.join()).toContain('NB-EINKAUF-03');
    const other = ['--variable', 'UserStateAction=both'];
    expect((await simulate('capture-and-restore-user-state', machine, ...other)).result).toBe('failed');
  });

  it('data-wipe empties the one disk, and touches none where there are two', async () => {
    const wipe = await simulate('data-wipe', 'server');
    expect(wipe.result).toBe('succeeded');
    expect(ran(wipe).slice(-3)).toEqual([
      'Choose the disk and erase its partitions',
      'Make sure that W is the volume just made',
      'Overwrite every sector with zeros',
    ]);
    const two = await simulate('data-wipe', 'desktop-bios-two-disks');
    expect(two.result).toBe('failed');
    expect(two.steps.flatMap(({ commands }) => commands).join()).not.toContain('diskpart');
    const taken = await simulate('data-wipe', 'server', '--fail', 'Make sure that W is the volume just made=1');
    expect(ran(taken)).not.toContain('Overwrite every sector with zeros');
  });

  it.each([
    ['upgrade-in-place', 'Upgrade Operating System', 3247440392],
    ['compatibility-scan', 'Scan for compatibility', 3247440392],
  ])('%s keeps the logs of a Setup that fails, and has failed itself', async (template, setup, code) => {
    const simulation = await simulate(template, 'laptop-windows-10', '--fail', `${setup}=${code}`);
    expect(simulation.result).toBe('failed');
    expect(simulation.variables._SMSTSOSUpgradeActionReturnCode).toBe(String(code));
    expect(ran(simulation)).toContain('Copy the logs of Setup');
    expect(ran(simulation)).not.toContain('Enable the recovery environment');
    expect(step(simulation, 'End the sequence as failed')?.outcome).toBe('failed');
  });

  it('upgrade-in-place stops before Setup on a machine that is not ready, and has nothing to clean up', async () => {
    const fail = ['--fail', 'Check memory, space and version=1'];
    const simulation = await simulate('upgrade-in-place', 'laptop-windows-10', ...fail);
    expect([simulation.result, ran(simulation)]).toEqual(['failed', []]);
  });

  it('compatibility-scan succeeds where nothing is in the way', async () => {
    const simulation = await simulate('compatibility-scan', 'laptop-windows-10');
    expect([simulation.result, ran(simulation)]).toEqual(['succeeded', ['Check Readiness', 'Scan for compatibility']]);
  });
});

describe('the guide to task sequences', async () => {
  const guide = await readFile(join(ROOT, 'docs/task-sequences.md'), 'utf8');
  const files = guideBlocks(guide).filter(({ kind }) => kind === 'file');

  it('shows files that do what it says', async () => {
    const folder = await temporaryFolder();
    for (const { name, text } of files) await writeFile(join(folder, name), text);
    for (const { name } of files.filter(({ text }) => text.includes('\nsteps:\n  - ') && text.includes('\nid: ')))
      expect(await json('validate', join(folder, name)), name).toEqual({ exitCode: 0, document: { problems: [] } });

    const machine = ['--machine', join(MACHINES, 'laptop-uefi-tpm.json')];
    const worked = await json<Simulation>(
      'simulate',
      join(folder, 'worked-example.yaml'),
      ...machine,
      ...['--fail', 'Step 1=1', 'Step 2=1', 'Step 4=1'],
    );
    expect(worked.document.steps.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'skipped',
      'failed',
      'skipped',
      'skipped',
    ]);
    expect(worked.document.result).toBe('failed');

    const expectation = ['--expect', join(folder, 'expected.yaml')];
    expect((await cli(['simulate', join(folder, 'tested.yaml'), ...machine, ...expectation])).exitCode).toBe(0);
    const other = ['--machine', join(MACHINES, 'server.json')];
    expect((await cli(['simulate', join(folder, 'tested.yaml'), ...other, ...expectation])).exitCode).toBe(4);
  });
});
