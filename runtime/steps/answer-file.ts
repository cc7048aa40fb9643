import { AnswerFile } from './answer-file/document.ts';
import { decodeXml } from './answer-file/encoding.ts';
import type { StepContext } from './context.ts';
import { windowsVolume } from './target.ts';

/** Where Windows looks for answers at its first start (Microsoft: "Windows Setup Automation Overview"). */
export const ANSWER_FILE = 'Windows/Panther/unattend.xml';

/** Opens the answer file of the deployed Windows, or begins one, lets `edit` change it, and writes it whole. Returns its path. */
export async function editAnswerFile(context: StepContext, edit: (answers: AnswerFile) => void): Promise<string> {
  await using volume = await context.platform.mount(windowsVolume(context), 'write');
  const existing = await volume.files.read(ANSWER_FILE);
  const xml = existing === undefined ? undefined : decodeXml(existing);
  const answers = new AnswerFile(context.machine.architecture, xml, ANSWER_FILE);
  edit(answers);
  await volume.files.write(ANSWER_FILE, answers.toString());
  return ANSWER_FILE;
}
