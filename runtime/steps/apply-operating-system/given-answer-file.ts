import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { AnswerFile } from '../answer-file/document.ts';
import { decodeXml } from '../answer-file/encoding.ts';
import { ANSWER_FILE } from '../answer-file.ts';
import { extractPackage } from '../content.ts';
import type { StepContext } from '../context.ts';
import { windowsVolume } from '../target.ts';

/**
 * The answer file that the sequence brings along, checked while the disk is still as it was. `SOURCE_NOT_FOUND` when the
 * package has no such file, `SOURCE_INVALID` when it is no answer file.
 */
export async function readAnswerFile(
  { answerFile, answerFilePackage }: StepOptions<'apply-operating-system'>,
  context: StepContext,
): Promise<AnswerFile | undefined> {
  if (answerFile === undefined || answerFilePackage === undefined) return undefined;
  const folder = await context.temporaryFolder();
  await extractPackage(context, answerFilePackage, folder.path);
  const path = pathInPackage(answerFile);
  const data = path === undefined ? undefined : await folder.read(path);
  if (data === undefined) {
    throw new MediasmithError('SOURCE_NOT_FOUND', `package "${answerFilePackage}" has no file ${answerFile}`, {
      where: answerFile,
      hint: 'Name it by its path from the root of the package. Nothing was applied.',
    });
  }
  return new AnswerFile(context.machine.architecture, decodeXml(data), answerFile);
}

/** With forward slashes; undefined for one that leaves the package. Pure. */
export function pathInPackage(path: string): string | undefined {
  const plain = win32.normalize(path).replaceAll('\\', '/');
  return /^([A-Za-z]:|\/|\.\.(\/|$))/.test(plain) ? undefined : plain;
}

/** It takes the place of one that the image has brought along. Later steps write into it. */
export async function putAnswerFile(answers: AnswerFile, context: StepContext): Promise<void> {
  answers.expandVariables(context.variables);
  await using volume = await context.platform.mount(windowsVolume(context), 'write');
  await volume.files.write(ANSWER_FILE, answers.toString());
  context.log('info', `answer file written: ${ANSWER_FILE}`);
}
