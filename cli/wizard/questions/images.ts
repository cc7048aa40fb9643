import { stat } from 'node:fs/promises';
import { printable } from '../../../builder/inspect/printable.ts';
import type { ImageAnswer } from '../../../builder/project/answers.ts';
import { findImage } from '../../../builder/resolve/resolve-images.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import type { WimImage } from '../../../runtime/wim/wim-image.ts';
import { fit } from '../fit.ts';
import { complaint, refusal } from '../kinds-of-question.ts';
import { nameFrom } from '../names.ts';
import { existingPath, typedPath } from '../paths.ts';
import type { AskContext, Question } from '../question.ts';

const FLAG = '--image <file[:image]>';
const WORDS = 'Windows image: an ISO, a folder with its files, or a .wim';

export const IMAGES: Question<'images'> = {
  id: 'images',
  page: 'Windows images',
  flag: FLAG,
  repeatable: true,
  words: `${WORDS}; behind a colon its edition, name or index`,
  applies: ({ kind }) => kind !== 'capture' && kind !== 'bootable',
  standard: () => undefined,
  read: async (given, { readImages }) => {
    const answers: ImageAnswer[] = [];
    for (const text of given) {
      const { source, wanted } = await splitGiven(text);
      const there = await readImages(source);
      const found = wanted === undefined ? standardImage(there) : findImage(source, there, wanted).image;
      if (found === undefined) throw refusal(FLAG, `${source} has no image in it`);
      answers.push(answerFor(source, found, there, answers));
    }
    return answers;
  },
  ask: async (context) => {
    const answers: ImageAnswer[] = [];
    for (;;) {
      const source = await askSource(context, answers.length > 0);
      if (source === undefined) return answers;
      const there: WimImage[] = [];
      const wrong = await complaint(async () => there.push(...(await context.readImages(source))));
      if (wrong !== undefined) context.say(wrong);
      else if (there.length === 0) context.say(`${source} has no image in it`);
      else
        for (const image of await chooseImages(there, context)) answers.push(answerFor(source, image, there, answers));
    }
  },
};

async function askSource({ prompts, signal }: AskContext, more: boolean): Promise<string | undefined> {
  const typed = await prompts.input(signal, {
    message: more ? 'Another file with images (Enter: no more):' : `${WORDS}:`,
    check: (path) => {
      if (path === '') return more ? undefined : 'An image is needed.';
      return complaint(() => existingPath(path));
    },
  });
  return typed === '' ? undefined : typedPath(typed);
}

/** What stands behind the last colon is the image, unless the colon belongs to the file's name. */
async function splitGiven(text: string): Promise<{ source: string; wanted?: number | string }> {
  const colon = text.lastIndexOf(':');
  const whole = await stat(typedPath(text)).catch(() => undefined);
  if (colon <= 0 || whole !== undefined) return { source: await existingPath(text) };
  const wanted = text.slice(colon + 1);
  return { source: await existingPath(text.slice(0, colon)), wanted: /^\d+$/.test(wanted) ? Number(wanted) : wanted };
}

async function chooseImages(there: readonly WimImage[], { prompts, signal, columns }: AskContext): Promise<WimImage[]> {
  const standard = standardImage(there);
  const width = Math.min(36, Math.max(...there.map((image) => titleOf(image).length)));
  const choices = there.map((image) => ({
    value: image,
    short: fit(titleOf(image), width),
    name: fit(`${fit(titleOf(image), width).padEnd(width)}  ${factsOf(image).join('  ')}`, columns - 6),
    checked: image === standard,
  }));
  return prompts.checkbox(signal, { message: 'Images to put on the medium', choices, required: true });
}

/** What companies install comes first. */
function standardImage(there: readonly WimImage[]): WimImage | undefined {
  const editions = ['Enterprise', 'Professional'];
  const found = editions.map((edition) => there.find(({ windows }) => windows?.edition === edition));
  return found.find((image) => image !== undefined) ?? there[0];
}

function answerFor(
  source: string,
  image: WimImage,
  there: readonly WimImage[],
  others: readonly ImageAnswer[],
): ImageAnswer {
  const alone = image.name !== '' && there.filter(({ name }) => name === image.name).length === 1;
  return {
    name: nameFrom(
      titleOf(image),
      others.map(({ name }) => name),
      `image-${image.index}`,
    ),
    source,
    image: alone ? image.name : image.index,
    facts: factsOf(image).join(', '),
    language: image.windows?.defaultLanguage ?? '',
  };
}

const titleOf = ({ name, displayName, index }: WimImage): string => printable(name || displayName || `image ${index}`);

function factsOf({ windows, bytes }: WimImage): string[] {
  const { architecture = '', defaultLanguage = '', version = '' } = windows ?? {};
  return [architecture, defaultLanguage, version, formatBytes(bytes)].filter((fact) => fact !== '').map(printable);
}
