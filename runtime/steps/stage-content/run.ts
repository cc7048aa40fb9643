import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { extractPackage, packageNamed } from '../content.ts';
import type { Run } from '../context.ts';
import { eachOf } from '../each-of.ts';
import { numberedName } from '../numbered-variables.ts';
import { placeOf } from './place.ts';

const DIGITS = 2;

/** The variables keep the place of their package in the list: one that could not be staged has none. */
export const runStageContent: Run<StepOptions<'stage-content'>> = async (options, context) => {
  const { packages, destination, destinationVariable, continueOnFailure } = options;
  const place = placeOf(destination, context);
  await using volume = await context.platform.mount(place.volume, 'write');
  const variableOf = (index: number) =>
    destinationVariable === undefined ? undefined : numberedName(destinationVariable, index + 1, DIGITS);
  const numbered = packages.map((name, index) => ({ name, variable: variableOf(index) }));
  await eachOf(numbered, { continueOnFailure, name: ({ name }) => name }, context, async ({ name, variable }) => {
    if (variable !== undefined) context.variables.set(variable, '');
    packageNamed(context, name);
    const path = place.path === '' ? name : `${place.path}/${name}`;
    refuseForeignFolder(path);
    await volume.files.remove(path);
    await extractPackage(context, name, await volume.files.makeFolder(path));
    const shown = `${place.shown.replace(/\\$/, '')}\\${name}`;
    if (variable !== undefined) context.variables.set(variable, shown);
    context.log('info', `${name} is in ${shown}`);
  });
};

const WINDOWS_OWN =
  /^(windows(\/[^/]+)?|users|program files( \(x86\))?|programdata|recovery|boot|efi|_smstasksequence|\$[^/]+|system volume information)$/i;

/** The folder of a package is emptied first: that must never be one of Windows' own. */
export function refuseForeignFolder(path: string): void {
  if (!path.split('/').includes('..') && !WINDOWS_OWN.test(path)) return;
  throw new MediasmithError('STEP_FAILED', `a package cannot take the place of the folder ${path}`, {
    hint: 'Name another destination. Nothing was removed.',
  });
}
