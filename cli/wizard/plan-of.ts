import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MediaPlan } from '../../builder/plan/plan.ts';
import type { ProjectAnswers } from '../../builder/project/answers.ts';
import { PROJECT_FILE, projectFiles } from '../../builder/project/write-project.ts';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import { fit } from './fit.ts';

/** Columns that a source gets on the narrowest screen. */
const LEAST = 8;

/** The plan of a project that is not written yet, as `plan` makes it of its media.yaml. */
export async function planOf(
  answers: ProjectAnswers,
  folder: string,
  plan: (file: string) => Promise<MediaPlan>,
): Promise<MediaPlan> {
  const scratch = await mkdtemp(join(tmpdir(), 'mediasmith-init-'));
  try {
    // The same lines as in the files to be written, so that the places of problems are right.
    const files = await projectFiles(placedOutputs(answers, folder), scratch);
    for (const [name, text] of files) await writeFile(join(scratch, name), text);
    const made = await plan(join(scratch, PROJECT_FILE));
    return { ...made, files: made.files.map((file) => ({ ...file, from: file.from.replaceAll(scratch, folder) })) };
  } catch (error) {
    throw inFolder(error, scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A plan whose paths leave room for its sizes on a screen. */
export function fitPlan(plan: MediaPlan, columns: number): MediaPlan {
  const most = Math.floor(columns * 0.4);
  const width = Math.min(most, Math.max(...plan.files.map(({ path }) => path.length)));
  const files = plan.files.map((file) => {
    const beside = `  ${' '.repeat(width)}  ${' '.repeat(9)}  ${file.how}: `.length;
    return { ...file, path: fit(file.path, width), from: fit(file.from, Math.max(LEAST, columns - beside)) };
  });
  return { ...plan, files };
}

/** What is written counts from the project, wherever that lies for the moment. */
function placedOutputs(answers: ProjectAnswers, folder: string): ProjectAnswers {
  const place = (path: string | null): string | null => (typeof path === 'string' ? resolve(folder, path) : path);
  const { iso, usb, pxe, prestaged } = answers;
  return { ...answers, iso: place(iso), usb: place(usb), pxe: place(pxe), prestaged: place(prestaged) };
}

function inFolder(error: unknown, scratch: string, folder: string): unknown {
  if (!isMediasmithError(error)) return error;
  const { code, message, where, lines, hint, problems, cause } = error;
  const moved = (text: string): string => text.replaceAll(scratch, folder);
  return new MediasmithError(code, moved(message), {
    lines,
    problems: problems.map((problem) => ({ ...problem, file: moved(problem.file), message: moved(problem.message) })),
    ...(where !== undefined && { where: moved(where) }),
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}
