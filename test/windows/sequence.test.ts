import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { IMAGE } from '../helpers/fake-medium.ts';
import { splitImage } from '../helpers/wine-image.ts';
import { APPLY_FOLDER } from '../helpers/wine-stubs.ts';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const PRODUCT_KEY = 'ABCDE-12345-FGHIJ-67890-KLMNO';
const ANSWER_FILE = 'Windows/Panther/unattend.xml';
const IS = (value: string) => ({ variable: 'Kind', value });

const SEQUENCE = {
  formatVersion: 1,
  id: 'it',
  name: 'It',
  onSuccess: 'shutdown',
  steps: [
    { step: 'set-variable', variable: 'Kind', value: 'desk' },
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'apply-windows-settings', computerName: 'PC-%Kind%', productKey: PRODUCT_KEY },
    {
      group: 'A desk',
      condition: { all: [IS('desk'), { variable: '_SMSTSBootUEFI', operator: 'exists' }] },
      steps: [
        { step: 'apply-driver-package', package: 'tools' },
        { step: 'run-command-line', package: 'tools', command: ['setup.exe', '/quiet', '/for:%Kind% %Unset%'] },
      ],
    },
    { group: 'A lap', condition: IS('lap'), steps: [{ step: 'run-command-line', command: ['never.exe'] }] },
    {
      step: 'run-command-line',
      name: 'Fails and is gone past',
      continueOnError: true,
      command: ['X:\\Windows\\System32\\powercfg.exe', '/x'],
    },
  ],
};

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

it('a split image, packages, variables, conditions, and a product key that is nowhere but in the answer file', async () => {
  const contents = await splitImage('windows');
  expect(Object.keys(contents)).toHaveLength(3);
  const images = [{ ...IMAGE, file: 'mediasmith/images/windows.swm' }];
  const setup = { programs: [`${APPLY_FOLDER}\\setup.exe`] };
  await winpe.begin(
    { sequences: [SEQUENCE], images, contents },
    {
      // 3010: done, and it would like a restart.
      dism: [{ ...APPLIED, exitCode: 3010 }, {}, {}, setup],
      setup: { stdout: `the key is ${PRODUCT_KEY}\r\n` },
      powercfg: [{}, { exitCode: 3, stderr: `no ${PRODUCT_KEY}\r\n` }],
    },
  );
  const { exitCode, stdout, stderr } = await winpe.run();
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/sequence.txt');
  const [call] = (await winpe.stubs.calls()).filter(({ name }) => name === 'setup');
  expect(call?.cwd).toMatch(/\\step-\w+$/);
  expect(await winpe.claim()).toBe('');

  const log = await winpe.log();
  expect(log).toContain('Step 7 of 8 skipped');
  expect(log).toContain('the key is ********');
  expect(log).toContain('no ********');
  expect(stdout).toContain('Fails and is gone past: failed');
  const answers = await readFile(join(await winpe.wine.drive('W'), ANSWER_FILE), 'utf8');
  expect(answers).toContain('<ComputerName>PC-desk</ComputerName>');
  expect(answers).toContain(`<ProductKey>${PRODUCT_KEY}</ProductKey>`);
  // On the medium it is part of the sequence; the plan is the test's own.
  expect(await filesWith(PRODUCT_KEY)).toEqual([
    'd/mediasmith/sequences/it.json',
    `w/${ANSWER_FILE}`,
    'x/Windows/System32/stub-plan.json',
  ]);
  expect(stdout).not.toContain(PRODUCT_KEY);
});

/** Every file on any drive that holds a text, but programs. */
async function filesWith(text: string): Promise<string[]> {
  const drives = join(winpe.boot, '..');
  const C = join(await winpe.wine.drive('C'), 'users');
  const grep = ['grep', '--recursive', '--files-with-matches', '--exclude=*.exe', '--fixed-strings', text] as const;
  const { stdout } = await exec([...grep, drives, C], { successCodes: [0, 1] });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((file) => file.replace(`${drives}/`, ''))
    .sort();
}
