import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDocument } from '../../runtime/sequence/document.ts';
import { aMachine } from '../helpers/machine.ts';
import { type BenchResult, compare, measure } from './compare.ts';

const PAIRS = 5;
const SIZES = [200, 2000, 20_000];
const STEPS_IN_A_GROUP = 10;
const CLI = fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url));
const PARSE = "require('yaml').parse(require('fs').readFileSync(process.argv[1], 'utf8'))";

/**
 * A sequence of three sizes from its file to the last line of its simulation, beside the reading of the file alone. What
 * Node makes of our sources lies in the cache, as it does from the second start on: the pair that warms up has put it there.
 */
export async function benchSimulate(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-simulate-'));
  try {
    const machine = join(folder, 'machine.json');
    await writeFile(machine, JSON.stringify(aMachine({ model: 'Latitude 5440' })));
    const results: BenchResult[] = [];
    for (const size of SIZES) {
      const file = join(folder, `${size}.yaml`);
      await writeFile(file, writeDocument(sequenceOf(size), []));
      results.push(
        await compare({
          name: `simulate a sequence of ${size} steps`,
          yardstick: `node -e "${PARSE}" ${size}.yaml`,
          pairs: PAIRS,
          ours: () => measure([process.execPath, CLI, 'simulate', file, '--machine', machine]),
          theirs: () => measure([process.execPath, '-e', PARSE, file]),
        }),
      );
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Groups, conditions of both kinds, variables and programs, in the shares of a sequence that people write. */
function sequenceOf(size: number): object {
  const groups = Array.from({ length: size / STEPS_IN_A_GROUP }, (_, group) => ({
    group: `Group ${group}`,
    condition: { variable: '_SMSTSModel', operator: 'like', value: 'Latitude*' },
    steps: Array.from({ length: STEPS_IN_A_GROUP }, (_, index) => stepOf(`${group}.${index}`, index)),
  }));
  return { formatVersion: 2, id: 'bench', name: 'Bench', steps: groups };
}

function stepOf(name: string, index: number): object {
  if (index % 3 === 0)
    return { step: 'set-variable', name, variable: `Variable${index}`, value: `%_SMSTSMake% ${name}` };
  const step = { step: 'run-command-line', name, command: ['cmd.exe', '/c', 'echo', `%Variable${index - 1}%`] };
  if (index % 3 === 1) return { ...step, continueOnError: true };
  return { ...step, condition: { wql: "SELECT * FROM Win32_ComputerSystem WHERE Model LIKE 'Latitude%'" } };
}
