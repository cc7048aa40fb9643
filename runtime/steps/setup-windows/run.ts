import { MediasmithError } from '../../contract/errors.ts';
import type { VolumeFiles } from '../../platform/platform.ts';
import { REMEMBERED_MEDIUM } from '../../platform/remembered-medium.ts';
import { addSetupComplete, RESUME_PROGRAM } from '../../platform/setup-complete.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { AnswerFile } from '../answer-file/document.ts';
import { decodeXml } from '../answer-file/encoding.ts';
import { ANSWER_FILE } from '../answer-file.ts';
import type { Run, StepContext } from '../context.ts';
import { windowsVolume } from '../target.ts';

/**
 * Puts into the applied Windows what goes on with the sequence there: the runtime for its architecture, the script that
 * Windows Setup runs when it is done, and the address of a medium that a web server has. The disk is made to start, the state moves onto it and the machine restarts
 * when this has ended well; that is the engine's part, because the step carries the sequence over.
 */
export const runSetupWindows: Run<StepOptions<'setup-windows'>> = async (_options, context) => {
  const windows = windowsVolume(context);
  const architecture = windowsArchitecture(context);
  const runtime = runtimeFor(architecture, context);
  await using volume = await context.platform.mount(windows, 'write');
  await completeAnswerFile(volume.files, context);
  const onProgress = context.progress('Fetching the runtime for Windows');
  const file = await context.platform.mediumFile(context.medium, runtime, { signal: context.signal, onProgress });
  await volume.files.copyIn(file, RESUME_PROGRAM);
  await addSetupComplete(volume.files);
  const { address } = context.medium;
  if (address !== undefined) await volume.files.write(REMEMBERED_MEDIUM, address);
  context.log('info', `${windows.name} goes on with the sequence when its setup is done (${RESUME_PROGRAM})`);
};

/** By the image; by the machine where the sequence has several that differ. */
function windowsArchitecture({ images, machine }: StepContext): string {
  const [first, ...others] = new Set(images.map(({ architecture }) => architecture));
  return others.length === 0 && first !== undefined ? first : machine.architecture;
}

function runtimeFor(architecture: string, { medium }: StepContext): string {
  const { windowsRuntimes } = medium.manifest;
  const runtime = windowsRuntimes.find((candidate) => candidate.architecture === architecture);
  if (runtime !== undefined) return runtime.file;
  throw new MediasmithError('MEDIUM_INVALID', `the medium has no runtime for a Windows of ${architecture}`, {
    hint: `It has: ${windowsRuntimes.map((known) => known.architecture).join(', ') || 'none'}. Build it again with this sequence.`,
  });
}

/** Without an answer file Windows would wait for a person, and the sequence with it. */
async function completeAnswerFile(files: VolumeFiles, context: StepContext): Promise<void> {
  const existing = await files.read(ANSWER_FILE);
  if (existing === undefined) {
    throw new MediasmithError('STEP_FAILED', 'the applied Windows has no answer file', {
      where: ANSWER_FILE,
      hint: 'Put an apply-windows-settings step before this one.',
    });
  }
  const answers = new AnswerFile(context.machine.architecture, decodeXml(existing), ANSWER_FILE);
  answers.expandVariables(context.variables);
  await files.write(ANSWER_FILE, answers.toString());
}
