import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { arrangeRestart } from '../../../../../runtime/platform/linux/restart.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const VARIABLES = 'firmware/efi/efivars';
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';

async function arrange(into: 'winpe' | 'full-os', variables: Record<string, Buffer>) {
  const sys = await temporaryFolder();
  await writeFiles(join(sys, VARIABLES), variables);
  const warnings: string[] = [];
  await arrangeRestart(sys, into, (message) => warnings.push(message));
  const next = await readFile(join(sys, VARIABLES, `BootNext-${GLOBAL}`)).catch(() => undefined);
  return { next: next?.toString('hex'), warnings };
}

const CURRENT = { [`BootCurrent-${GLOBAL}`]: Buffer.from('060000000500', 'hex') };

it('has the firmware start the same entry once more, by a variable that survives the restart', async () => {
  expect(await arrange('winpe', CURRENT)).toEqual({ next: '070000000500', warnings: [] });
});

it.each([
  ['into the installed Windows', 'full-os', CURRENT],
  ['where the firmware does not say what it has started', 'winpe', {}],
] as const)('leaves the firmware alone %s', async (_, into, variables) => {
  expect(await arrange(into, variables)).toEqual({ next: undefined, warnings: [] });
});
