import { expect, it } from 'vitest';
import { folderState } from '../../../../runtime/platform/state-folder.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { documentsOf, programsOf, randomNodes, VARIABLES } from '../../../helpers/random-sequence.ts';
import { Machine } from '../../../helpers/restarting-machine.ts';
import { outcomes } from '../../../helpers/run.ts';
import { Model, type Node } from '../../../helpers/sequence-model.ts';

const SEQUENCES = 200;
/** More restarts than any of these sequences has. */
const MOST_STARTS = 100;

it(`runs ${SEQUENCES} random sequences, through their restarts, as the rules say`, async () => {
  const seen = { failed: 0, ends: 0, restarts: 0, retried: 0, unasked: 0 };
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const nodes = randomNodes(seed);
    const model = new Model('full-os');
    const succeeds = model.list(nodes);
    const run = await runToEnd(nodes);
    expect(run, `seed ${seed}`).toMatchObject({ ends: model.ends, programs: model.programs, succeeds });
    if (!succeeds) seen.failed++;
    seen.ends += model.ends.length;
    seen.restarts += model.restarts;
    seen.retried += model.programs.length - new Set(model.programs).size;
    seen.unasked += run.unasked;
  }
  // Random sequences that all end in the same way would show nothing.
  expect(seen.failed).toBeGreaterThan(SEQUENCES / 10);
  expect(seen.failed).toBeLessThan((SEQUENCES * 9) / 10);
  for (const count of [seen.ends, seen.restarts, seen.retried, seen.unasked])
    expect(count).toBeGreaterThan(SEQUENCES / 5);
}, 120_000);

/** From the running Windows on, which keeps its state where it is wherever a sequence goes on. */
async function runToEnd(nodes: readonly Node[]) {
  const { steps, children } = documentsOf(nodes);
  const machine = await Machine.withMedium(steps, { unattended: true, variables: VARIABLES }, children);
  const programs: string[] = [];
  const change = (platform: FakePlatform) => {
    platform.openState = async () => folderState(platform.volume('C'), 'C');
  };
  let platformName: 'windows' | 'linux' = 'windows';
  for (let starts = 1; ; starts++) {
    if (starts > MOST_STARTS) throw new Error('it never ends');
    await machine.start({ platformName, exec: programsOf(programs), change });
    const last = machine.events.at(-1);
    if (last?.event !== 'finished') throw new Error('it has not ended');
    if (last.continues === undefined) {
      const unasked = JSON.stringify(machine.events).split('CONDITION_NOT_EVALUATED').length - 1;
      return { ends: outcomes(machine.events), programs, succeeds: last.outcome === 'succeeded', unasked };
    }
    platformName = last.continues === 'winpe' ? 'linux' : 'windows';
  }
}
