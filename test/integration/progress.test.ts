import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url));
const SEQUENCE = 'formatVersion: 1\nid: s\nname: S\nsteps:\n  - { step: set-variable, variable: a, value: b }\n';
const PROJECT = 'formatVersion: 1\nname: P\nsequences: [s.yaml]\noutputs: [{ iso: out.iso }]\n';

/** Builds in a pseudo-terminal of 80 columns and returns what a person sees, without colours and cursor movements. */
async function buildOnTerminal(folder: string, project: string): Promise<string> {
  await writeFiles(folder, { 'media.yaml': project, 's.yaml': SEQUENCE });
  const typescript = join(folder, 'typescript');
  const command = `stty cols 80 rows 24; "${process.execPath}" "${LAUNCHER}" build "${join(folder, 'media.yaml')}"`;
  await exec(['script', '--quiet', '--return', '--command', command, typescript], { successCodes: [0, 2] });
  return stripVTControlCharacters(await readFile(typescript, 'utf8'));
}

it('draws each stage of a build on a terminal, ticks it off and gives its time', async () => {
  const folder = await temporaryFolder();
  const screen = await buildOnTerminal(folder, PROJECT);
  expect(screen).toMatch(/✔ Prepare the boot environment \[[\d.]+s\]/);
  expect(screen).toMatch(/✔ Write .*out\.iso \[[\d.]+s\]/);
  expect(screen).not.toContain('✖');
  expect(screen).toMatch(/out\.iso\s+[\d.]+ MB, SHA-256 [0-9a-f]{64}/);
});

it('ends with the error in words when a stage fails', async () => {
  const folder = await temporaryFolder();
  const screen = await buildOnTerminal(folder, `${PROJECT}images: [{ name: w, source: nowhere.wim }]\n`);
  expect(screen).toContain('Error SOURCE_NOT_FOUND');
});
