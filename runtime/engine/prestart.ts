import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import type { ManifestPrestart, ManifestVariable } from '../contract/manifest.ts';
import { type Variables, WritableVariableName } from '../contract/variables.ts';
import type { Medium } from '../platform/platform.ts';
import { argvOf, expandEnvironment } from '../steps/command.ts';
import { imageNamed } from '../steps/target.ts';
import { isInterruption } from './interruption.ts';
import type { Start } from './medium-run.ts';
import { progressReporter } from './progress-reporter.ts';

/** The environment variable with the path of the file that the command may write `NAME=VALUE` lines into. */
const VARIABLES_FILE = 'MEDIASMITH_VARIABLES';

export type GivenVariable = { name: string; value: string };

/**
 * Runs the prestart command of a medium in a copy of its package, and returns the variables it gives to the run. Only in a
 * boot environment, as in ConfigMgr. Every exit code but 0 ends the start: `STEP_FAILED` with the last lines of its output.
 */
export async function runPrestart(medium: Medium, start: Start): Promise<GivenVariable[]> {
  const { prestart } = medium.manifest;
  if (prestart === undefined) return [];
  if (start.platform.name === 'windows') {
    start.log('info', 'the prestart command is not run: this is no boot environment');
    return [];
  }
  await using work = await start.platform.temporaryFolder();
  await using given = await start.platform.temporaryFolder();
  const variablesFile = await given.write('variables.txt', '');
  if (prestart.package !== undefined) await unpack(medium, prestart.package, work.path, start);
  await runCommand(prestart, work.path, variablesFile, start);
  return parseVariables(decode((await given.read('variables.txt')) ?? Buffer.alloc(0)));
}

/** Sets them over what the medium gives. What the medium calls secret stays so. */
export function setPrestarted(
  variables: Variables,
  given: readonly GivenVariable[],
  media: readonly ManifestVariable[],
): void {
  const secret = new Set(media.filter((variable) => variable.secret).map(({ name }) => name.toLowerCase()));
  for (const { name, value } of given) variables.set(name, value, { secret: secret.has(name.toLowerCase()) });
}

async function unpack(medium: Medium, name: string, folder: string, { platform, emit, signal }: Start): Promise<void> {
  const { file, index } = imageNamed(medium.manifest.packages, name, 'package');
  const onProgress = progressReporter(emit, `Copying ${name}`);
  const path = await platform.mediumFile(medium, file, { signal, onProgress });
  await platform.extractImage(path, index, folder, { signal, onProgress });
}

async function runCommand({ command: written, package: _ }: ManifestPrestart, cwd: string, file: string, start: Start) {
  const { platform, exec, emit, signal } = start;
  const log = (message: string) => emit({ event: 'log', level: 'info', component: 'prestart', message });
  const command = expandEnvironment(written, { facts: { system: platform.facts } });
  const shown = typeof command === 'string' ? command : command.join(' ');
  log(`command line: ${shown}`);
  try {
    await exec(argvOf(command), {
      ...{ cwd, env: { [VARIABLES_FILE]: file }, signal, shown, onLine: log, discardOutput: true },
      ...(typeof command === 'string' && { commandLine: command }),
    });
  } catch (cause) {
    if (!isMediasmithError(cause) || isInterruption(cause)) throw cause;
    const { message, exitCode, lines, where = shown } = cause;
    const what = exitCode === undefined ? `cannot be run: ${message}` : `ended with exit code ${exitCode}`;
    throw new MediasmithError('STEP_FAILED', `the prestart command ${what}`, {
      ...{ where, lines, cause, ...(exitCode !== undefined && { exitCode }) },
      hint: 'The medium starts nothing until it ends with 0. No task sequence was begun.',
    });
  }
}

/** Windows' own programs write UTF-16 or a mark before UTF-8. */
function decode(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/**
 * The variables in lines `NAME=VALUE`. White space at the end of a line is not part of the value: `echo A=b >> file` leaves
 * some. An empty value takes a variable away. `STEP_FAILED` names the line that is none, and shows no value.
 */
export function parseVariables(text: string): GivenVariable[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [, name = '', value = ''] = /^\s*([^=]*?)\s*=(.*)$/.exec(line.trimEnd()) ?? [];
    const checked = WritableVariableName.safeParse(name);
    if (checked.success) return [{ name, value }];
    const reason = name === '' ? 'it is not NAME=VALUE' : `"${name}": ${checked.error.issues[0]?.message}`;
    throw new MediasmithError('STEP_FAILED', `line ${index + 1} of what the prestart command wrote: ${reason}`, {
      hint: `Write lines NAME=VALUE into the file that ${VARIABLES_FILE} names.`,
    });
  });
}
