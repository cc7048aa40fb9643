import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../../helpers/cli.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const MACHINE = 'templates/machines/laptop-uefi-tpm.json';
const sequence = (steps: string): string => `formatVersion: 2\nid: a\nname: A\nstartsIn: any\nsteps:\n${steps}`;
const FILES = {
  'good.yaml': sequence('  - { name: One, step: run-command-line, command: [one] }\n'),
  'bad.yaml': sequence('  - { name: Windows, step: apply-windows-settings }\n'),
};

it.each([
  ['a sequence that succeeds', ['good.yaml'], 0],
  ['one that fails', ['bad.yaml'], 5],
  ['one that was asked to fail', ['good.yaml', '--fail', 'One=1'], 0],
] as const)('the exit code of %s', async (_, [file, ...options], exitCode) => {
  const folder = await temporaryFolder();
  await writeFiles(folder, FILES);
  const ended = await cli(['simulate', join(folder, file), '--machine', MACHINE, ...options]);
  expect({ exitCode: ended.exitCode, says: ended.stdout.split('\n').at(-2) }).toEqual({
    exitCode,
    says: `The sequence has ${exitCode === 5 || options.length > 0 ? 'failed' : 'succeeded'}.`,
  });
});
