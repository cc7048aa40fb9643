import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../builder/make-folder.ts';
import { SomeAnswers } from '../../builder/project/answers.ts';
import { readStart } from '../../builder/read-start.ts';

const FILE = '.mediasmith-init.json';
/** More than all answers together take. */
const MOST_BYTES = 1024 ** 2;
const Kept = z.strictObject({ formatVersion: z.literal(1), answers: SomeAnswers });

/** The answers of a run that was left in the middle, in the folder of its project. There are no secrets among them. */
export async function readKept(folder: string): Promise<SomeAnswers | undefined> {
  const text = await readStart(join(folder, FILE), MOST_BYTES, { pipeSeconds: 0 }).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Kept.parse(JSON.parse(text.toString('utf8'))).answers as SomeAnswers;
  } catch {
    // Of another version or damaged: then everything is asked again.
    return undefined;
  }
}

export async function keep(folder: string, answers: SomeAnswers): Promise<void> {
  await makeFolder(folder);
  const file = join(folder, FILE);
  const temporary = `${file}.${process.pid}`;
  try {
    await writeFile(temporary, `${JSON.stringify({ formatVersion: 1, answers }, null, 2)}\n`);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whatever cannot be removed: the project was written, and that is what counts. */
export async function forget(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true }).catch(() => undefined);
}
