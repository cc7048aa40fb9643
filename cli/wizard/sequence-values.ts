import type { ImageAnswer, SequenceAnswer, SomeAnswers } from '../../builder/project/answers.ts';
import { WIM_NAME } from '../../builder/sources/open-source.ts';
import type { Template } from '../../builder/templates.ts';
import { nameFrom } from './names.ts';

/** Parameters that only whoever uses the medium can know; the others are asked for when somebody wants to change them. */
export const ASKED: Readonly<Record<string, readonly string[]>> = {
  'install-image': ['timeZone', 'locale', 'keyboard'],
  'capture-image': ['destination', 'imageName'],
};

/** Templates that run Windows Setup from a whole Windows medium. */
const UPGRADES = ['upgrade-in-place', 'compatibility-scan'];

/** Templates for which everything they need was named. */
export function offeredTemplates(templates: readonly Template[], { kind, images = [] }: SomeAnswers): Template[] {
  const upgrades = images.some(({ source }) => !WIM_NAME.test(source));
  return templates.filter(({ name }) => {
    if (name === 'install-image') return images.length > 0;
    if (name === 'capture-image') return kind === 'capture';
    if (UPGRADES.includes(name)) return upgrades;
    return name !== 'capture-and-restore-user-state';
  });
}

/** What a medium of this kind is for: to install each of its images, or to capture one. */
export function standardSequences(templates: readonly Template[], answers: SomeAnswers): SequenceAnswer[] {
  return answers.kind === 'capture'
    ? sequencesFrom('capture-image', templates, answers, [])
    : sequencesFrom('install-image', templates, answers, []);
}

/** The sequences that one template stands for: for each image one that installs it. Their values follow from the answers. */
export function sequencesFrom(
  name: string,
  templates: readonly Template[],
  answers: SomeAnswers,
  others: readonly SequenceAnswer[],
): SequenceAnswer[] {
  const template = templates.find((other) => other.name === name);
  if (template === undefined) return [];
  const { images = [] } = answers;
  const made: SequenceAnswer[] = [];
  for (const image of name === 'install-image' && images.length > 0 ? images : [images[0]]) {
    const several = name === 'install-image' && images.length > 1;
    made.push(derive(template, answers, image, several, [...others, ...made]));
  }
  return made;
}

function derive(
  { name, title, parameters }: Template,
  { drivers = [] }: SomeAnswers,
  image: ImageAnswer | undefined,
  several: boolean,
  others: readonly SequenceAnswer[],
): SequenceAnswer {
  const known = parameters.map((parameter) => parameter.name);
  const ids = others.map(({ values }) => values.id ?? '');
  const [driver] = drivers;
  const derived: Record<string, string | undefined> = {
    id: nameFrom(several && image !== undefined ? `install-${image.name}` : name, ids, name),
    name: several && image !== undefined ? `${title}: ${image.name}`.slice(0, 100) : title,
    image: image?.name,
    locale: image?.language || undefined,
    keyboard: image?.language || undefined,
    drivers: driver?.name,
    model: driver?.model,
    upgradePackage: parameters.find((parameter) => parameter.name === 'upgradePackage')?.default,
  };
  const values = Object.entries(derived).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && known.includes(entry[0]),
  );
  return { template: name, values: Object.fromEntries(values) };
}
