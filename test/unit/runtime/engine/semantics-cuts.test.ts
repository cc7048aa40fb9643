import { expect, it } from 'vitest';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { documentsOf, programsOf, random, randomNodes, VARIABLES } from '../../../helpers/random-sequence.ts';
import { Machine } from '../../../helpers/restarting-machine.ts';
import { resultOn, runWithCut } from '../../../helpers/run-with-cut.ts';
import { Model } from '../../../helpers/sequence-model.ts';

/** A result is left on a Windows volume. */
const FIRST = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];
const AFTER_FIRST = [
  ['_SMSTSLastActionSucceeded', 'true'],
  ['_SMSTSLastActionRetCode', '0'],
] as const;
const SEQUENCES = 80;
/** No sequence writes its state so often before its first steps that no cut would be in their midst. */
const WRITES = 25;

it(`ends ${SEQUENCES} random sequences as the rules say, each cut at a random write of its state`, async () => {
  let cuts = 0;
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const nodes = randomNodes(seed, { steady: true });
    const next = random(seed + 10_000);
    const [at, part] = [1 + Math.floor(next() * WRITES), [0, 0.5, 1][Math.floor(next() * 3)] ?? 0];
    const model = new Model('winpe');
    for (const [name, value] of AFTER_FIRST) model.variables.set(name, value);
    const succeeds = model.list(nodes);

    const { steps, children } = documentsOf(nodes);
    const about = { variables: VARIABLES };
    const machine = await Machine.withMedium([...FIRST, ...steps], about, children);
    if (await runWithCut(machine, new PowerCut(at, part), { exec: programsOf(machine.ran) })) cuts++;
    const { outcome, variables, steps: results } = await resultOn(machine);

    const ends = new Map(model.ends.map((end) => end.split(' ') as [string, string]));
    const ended = results
      .slice(FIRST.length)
      .flatMap((step) => (step.outcome === 'not-run' ? [] : [[step.name, step.outcome]]));
    const message = `seed ${seed}, cut at write ${at}, of which ${part} arrives`;
    expect([outcome, Object.fromEntries(ended)], message).toEqual([
      succeeds ? 'succeeded' : 'failed',
      Object.fromEntries(ends),
    ]);
    expect(variables, message).toMatchObject(Object.fromEntries(model.variables));
  }
  // Where a run is over before its write comes, nothing is cut.
  expect(cuts).toBeGreaterThan(SEQUENCES / 4);
}, 120_000);
