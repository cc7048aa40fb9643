import { basename } from 'node:path';
import { Name } from '../../../builder/config/content-schema.ts';
import { driversIn } from '../../../builder/driver-infs.ts';
import type { DriverAnswer } from '../../../builder/project/answers.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { complaint, refusal } from '../kinds-of-question.ts';
import { nameFrom } from '../names.ts';
import { existingFolder } from '../paths.ts';
import type { AskContext, Question } from '../question.ts';

const FLAG = '--drivers <name[:model]=folder>';
const ANY_MODEL = '*';

export const DRIVERS: Question<'drivers'> = {
  id: 'drivers',
  page: 'Driver packages',
  flag: FLAG,
  repeatable: true,
  words: 'Driver package: its name, the model it is for (* is any text), its folder',
  applies: ({ kind }) => kind !== 'capture' && kind !== 'bootable',
  standard: () => [],
  read: async (given) => {
    const answers: DriverAnswer[] = [];
    for (const text of given) answers.push(await readDriver(text, answers));
    return answers;
  },
  ask: async (context) => {
    context.say('Programs, updates and other folders can be added in media.yaml afterwards.');
    const answers: DriverAnswer[] = [];
    for (;;) {
      const answer = await askDriver(context, answers);
      if (answer === undefined) return answers;
      answers.push(answer);
    }
  },
};

async function readDriver(text: string, others: readonly DriverAnswer[]): Promise<DriverAnswer> {
  const parts = /^(?<name>[^:=]+)(?::(?<model>[^=]+))?=(?<folder>.+)$/.exec(text)?.groups;
  if (parts === undefined) throw refusal(FLAG, `"${text}" is not a name, =, and a folder`);
  const { name = '', model = ANY_MODEL, folder = '' } = parts;
  refuseName(name, others);
  return { name, model, source: await driverFolder(folder) };
}

async function askDriver(
  { prompts, signal }: AskContext,
  others: readonly DriverAnswer[],
): Promise<DriverAnswer | undefined> {
  const typed = await prompts.input(signal, {
    message:
      others.length === 0 ? 'Folder with drivers (Enter: none):' : 'Another folder with drivers (Enter: no more):',
    check: (path) => (path === '' ? undefined : complaint(() => driverFolder(path))),
  });
  if (typed === '') return undefined;
  const source = await existingFolder(typed);
  const taken = others.map(({ name }) => name);
  const name = await prompts.input(signal, {
    message: 'Name of this package:',
    standard: nameFrom(basename(source), taken, 'drivers'),
    check: (given) => complaint(() => refuseName(given, others)),
  });
  const model = await prompts.input(signal, {
    message: 'Model it is for (Latitude 5440*; * for all):',
    standard: ANY_MODEL,
  });
  return { name, model, source };
}

/** A folder with a driver in it; the build refuses others, and says so only after all the questions. */
async function driverFolder(typed: string): Promise<string> {
  const folder = await existingFolder(typed);
  if ((await driversIn(folder)) !== undefined) return folder;
  throw new MediasmithError('SOURCE_INVALID', `${folder} has no driver`, {
    where: folder,
    hint: 'Give a folder with .inf files: unpack an installer first.',
  });
}

function refuseName(name: string, others: readonly DriverAnswer[]): void {
  const wrong = Name.safeParse(name).error?.issues[0]?.message;
  if (wrong !== undefined) throw refusal(FLAG, `"${name}": ${wrong}`);
  if (others.some((other) => other.name === name)) throw refusal(FLAG, `there is a package "${name}" already`);
}
