import { describe, expect, it } from 'vitest';
import { nobody } from '../../../helpers/asking.ts';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { goOn, Machine } from '../../../helpers/restarting-machine.ts';

const APPLICATIONS = ['runtime', 'office', 'viewer'];
const INSTALLED = APPLICATIONS.map((name) => `setup.exe ${name}`);

/** What a run in Windows writes: its beginning, the beginning of the step, and each application that is installed. */
const IN_RUNTIME = 2;
const BETWEEN = 3;

function machineWith(retries?: number, more: readonly object[] = [], unattended = true): Promise<Machine> {
  const step = {
    step: 'install-application',
    applications: APPLICATIONS,
    ...(retries !== undefined && { retriesAfterUnexpectedRestart: retries }),
  };
  return Machine.withMedium([step, ...more], {
    unattended,
    packages: [{ name: 'tools', file: 'mediasmith/content.wim', index: 1, bytes: 100 }],
    applications: APPLICATIONS.map((name) => ({
      name,
      package: 'tools',
      command: `setup.exe ${name}`,
      successCodes: [0],
      dependsOn: [],
    })),
  });
}

async function start(machine: Machine, cutAt = 0, ask = nobody) {
  return machine.start({ platformName: 'windows', ask, cut: new PowerCut(cutAt, 1) });
}

const started = (machine: Machine) => machine.events.filter(({ event }) => event === 'step-started').length;

describe('a cut in the middle of a step that may be tried again', () => {
  it('has it tried again, and what has been installed before is not installed again', async () => {
    const machine = await machineWith();
    expect((await start(machine, BETWEEN)).end).toBe('cut');
    expect(machine.ran).toEqual(INSTALLED.slice(0, 1));
    await start(machine);
    expect(machine.events.at(-1)).toMatchObject({ event: 'finished', outcome: 'succeeded' });
    expect(machine.ran).toEqual(INSTALLED);
    expect(machine.events).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/tried again, 1 of at most 2 times$/) }),
    );
  });

  it('is the end of it without the option', async () => {
    const machine = await machineWith(0);
    await start(machine, IN_RUNTIME);
    await start(machine);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'failed', code: 'STEP_INTERRUPTED' });
    expect(machine.ran).toEqual([]);
  });

  it.each([1, 2, 5])('has it tried again %i times, through as many restarts, and then no more', async (retries) => {
    const machine = await machineWith(retries);
    for (let cuts = 0; cuts <= retries; cuts++) expect((await start(machine, IN_RUNTIME)).end).toBe('cut');
    expect(started(machine)).toBe(retries + 1);
    await start(machine);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'failed', code: 'STEP_INTERRUPTED' });
    expect(machine.ran).toEqual([]);
  });

  it('counts those of one step alone', async () => {
    const again = { step: 'install-application', applications: ['viewer'], retriesAfterUnexpectedRestart: 1 };
    const machine = await machineWith(1, [again]);
    await start(machine, IN_RUNTIME);
    expect((await start(machine, IN_RUNTIME + APPLICATIONS.length + 2)).end).toBe('cut');
    await start(machine);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'succeeded' });
    expect(machine.ran).toEqual(INSTALLED);
    const retried = machine.events.filter((event) => event.event === 'log' && /1 of at most once$/.test(event.message));
    expect(retried).toHaveLength(2);
  });

  it('does not count where somebody says that it may run again', async () => {
    const machine = await machineWith(0, [], false);
    await start(machine, IN_RUNTIME);
    await start(machine, 0, goOn);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'succeeded' });
  });
});
