import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IMAGE } from '../helpers/fake-medium.ts';
import { splitImage } from '../helpers/wine-image.ts';
import { screenOf } from '../helpers/wine-screen.ts';
import type { StubReply } from '../helpers/wine-stubs.ts';
import { APPLIED, openWinpe, TARGET, type Winpe } from '../helpers/wine-winpe.ts';

const F8 = '\x1b[19~';
const GIB = 1024 ** 3;
const GO = { windows: 'X:\\go', file: 'go' };
const LAST_COLUMN = 79;
/** It has come so far, and then waits until the test lets it go on. */
const APPLYING: StubReply = { ...APPLIED, stdout: '[==            12.3%             ]\r\n', waitsFor: GO.windows };

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

const letGoOn = () => writeFile(join(winpe.boot, GO.file), '');
const prompts = async () => (await winpe.stubs.calls()).filter(({ name }) => name === 'cmd').length;

function sequence(id: string, name: string) {
  const steps = [
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
  ];
  return { formatVersion: 1, id, name, steps };
}

it('a whole run at 80 columns: questions, a line that changes, a command prompt meanwhile', async () => {
  const contents = await splitImage('windows');
  const images = [{ ...IMAGE, file: 'mediasmith/images/windows.swm' }];
  const sequences = [sequence('one', `Größe, 日本 and ${'x'.repeat(82)}`)];
  const start = { commandPrompt: true };
  await winpe.begin(
    { sequences, images, contents, start, unattended: false },
    { dism: APPLYING, reagentc: { exitCode: 87 } },
  );
  await winpe.wine.disk(TARGET + 1, 20 * GIB);

  const terminal = winpe.terminal();
  await terminal.sees(/Which disk shall be ERASED\?[\s\S]*Number:/);
  terminal.type('7\r');
  await terminal.sees(/Which disk shall be ERASED\?[\s\S]*Number:/);
  terminal.type('1\r');
  await terminal.sees(/12 % Applying windows/);
  expect(screenOf(terminal.output()).slice(-2)).toEqual([
    expect.stringMatching(/^\[1\/2\] Format and Partition Disk: succeeded/),
    expect.stringMatching(/^ {9}12 % Applying windows, 3\d\d KB of 2\.5 MB, /),
  ]);
  terminal.type(F8);
  await expect.poll(prompts, { timeout: 30_000 }).toBe(1);
  await letGoOn();
  await terminal.sees(/Done\. Next: restart\./);
  expect(await terminal.end).toBe(0);

  const screen = screenOf(terminal.output());
  expect(Math.max(...screen.map((line) => line.length))).toBe(LAST_COLUMN);
  const text = screen
    .join('\n')
    .concat('\n')
    .replaceAll(/\d+\.\d s|(?<=after )\d+ s|\d{8}T\d{6}Z/g, '<time>');
  expect(text).toMatch(/^[\n\x20-\x7e\xa1-\xff]*$/);
  await expect(text).toMatchFileSnapshot('golden/screen.txt');
  expect(await winpe.calls()).toMatch(/dism .*\ncmd\nreagentc .*\n[\s\S]*wpeutil reboot\n$/);
});

it.each([
  [true, 1],
  [false, 0],
])(
  'F8 while a question waits opens a command prompt where the medium allows it: %s',
  async (commandPrompt, expected) => {
    const sequences = ['one', 'two'].map((id) => ({
      ...sequence(id, id),
      steps: [{ step: 'set-variable', variable: 'A', value: 'b' }],
    }));
    await winpe.begin({ sequences, unattended: false, start: { commandPrompt } });
    const terminal = winpe.terminal();
    await terminal.sees(/Number:/);
    terminal.type(F8);
    terminal.type('1\r');
    await terminal.sees(/Done\. Next: restart\./);
    expect(await terminal.end).toBe(0);
    await expect.poll(prompts, { timeout: 30_000 }).toBe(expected);
  },
);
