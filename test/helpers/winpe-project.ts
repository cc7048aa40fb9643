import { join } from 'node:path';
import { cli } from './cli.ts';
import { INSTALL_SEQUENCE } from './project.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** A project whose medium starts WinPE; `winpe` and `more` are lines of media.yaml, `more` in place of the ISO output. */
export type WinpeProject = {
  source: string;
  winpe?: string[];
  images?: string;
  more?: string;
  sequence?: string;
  /** Where it is written; a folder of the test's own unless given. */
  folder?: string;
};

/** Writes the project into a folder and returns that. */
export async function winpeProject(project: WinpeProject): Promise<string> {
  const { source, winpe = [], images, more = 'outputs: [{ iso: out.iso }]', sequence = INSTALL_SEQUENCE } = project;
  const folder = project.folder ?? (await temporaryFolder());
  const lines = [
    ...['formatVersion: 1', 'name: Test', 'label: TEST', 'bootEnvironment: winpe', 'winpe:'],
    ...[`source: ${source}`, ...winpe].map((line) => `  ${line}`),
    images ?? `images: [{ name: windows, source: ${source}, image: Professional }]`,
    'sequences: [install.yaml]',
    more,
  ];
  await writeFiles(folder, { 'media.yaml': `${lines.join('\n')}\n`, 'install.yaml': sequence });
  return folder;
}

/** `mediasmith build` of the project in a folder, as a person would run it. */
export const buildProject = (folder: string, ...more: string[]) =>
  cli(['build', join(folder, 'media.yaml'), '--json', ...more]);
