import { link, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { isTaken } from '../../runtime/host/exists.ts';
import { openWorkspace } from '../workspace.ts';
import type { ProjectAnswers } from './answers.ts';
import { projectFile } from './project-file.ts';
import { projectSequences } from './project-sequences.ts';

export const PROJECT_FILE = 'media.yaml';

/** Every file of a project in `folder`: its name there and its text, media.yaml last. Nothing is written. */
export async function projectFiles(answers: ProjectAnswers, folder: string): Promise<Map<string, string>> {
  const sequences = await projectSequences(answers, folder);
  return new Map([
    ...sequences.map(({ file, text }): [string, string] => [file, text]),
    [PROJECT_FILE, projectFile(answers, sequences, folder)],
  ]);
}

/** Those of the files that are there already, and be it as a link to nothing. */
export async function existingFiles(folder: string, names: Iterable<string>): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) if (await isTaken(join(folder, name))) found.push(name);
  return found;
}

/**
 * Writes the files beside their names and gives them these when all are whole. What is there is replaced only with
 * `replace`: `OUTPUT_EXISTS`, and then nothing has been written.
 */
export async function writeProject(
  folder: string,
  files: ReadonlyMap<string, string>,
  { replace, signal }: { replace: boolean; signal: AbortSignal },
): Promise<string[]> {
  if (!replace) refuseExisting(folder, await existingFiles(folder, files.keys()));
  await using workspace = await openWorkspace(folder);
  for (const [name, text] of files) await writeFile(join(workspace.folder, name), text);
  signal.throwIfAborted();
  const placed: string[] = [];
  try {
    for (const name of files.keys()) {
      await (replace ? rename : link)(join(workspace.folder, name), join(folder, name));
      placed.push(join(folder, name));
    }
  } catch (cause) {
    if (!replace) await Promise.all(placed.map((path) => rm(path, { force: true })));
    const { code, dest } = cause as NodeJS.ErrnoException & { dest?: string };
    if (code === 'EEXIST' && dest !== undefined) refuseExisting(folder, [basename(dest)]);
    throw cause;
  }
  return placed;
}

/** `OUTPUT_EXISTS` where any file is there. */
export function refuseExisting(folder: string, names: readonly string[]): void {
  const [first] = names;
  if (first === undefined) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${join(folder, first)} is there already`, {
    where: dirname(join(folder, first)),
    lines: names,
    hint: 'Name another folder, or remove what is there: nothing is overwritten.',
  });
}
