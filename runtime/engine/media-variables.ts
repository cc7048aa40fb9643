import { MediasmithError } from '../contract/errors.ts';
import type { Machine } from '../contract/machine.ts';
import { Machines, variablesFor } from '../contract/machines.ts';
import type { ManifestVariable } from '../contract/manifest.ts';
import type { Variables } from '../contract/variables.ts';
import type { Medium, MediumFiles } from '../platform/platform.ts';
import type { Ask } from '../steps/context.ts';
import { readWhole } from './read-whole.ts';

export const NO_MACHINES: Machines = { formatVersion: 1, collections: [], machines: [] };

/** Sets what the medium gives to this machine: variables of its collections, its own, the medium's, each over the one before. */
export function setGivenVariables(
  variables: Variables,
  machines: Machines,
  machine: Machine,
  media: readonly ManifestVariable[],
): void {
  const secret = new Set(media.filter((variable) => variable.secret).map(({ name }) => name.toLowerCase()));
  for (const { name, value } of variablesFor(machines, machine, media))
    variables.set(name, value, { secret: secret.has(name.toLowerCase()) });
}

/**
 * Asks for the variables of the medium that have no value, as ConfigMgr's wizard does; what is left empty stays unset.
 * `MEDIUM_INVALID` names them where nobody is there.
 */
export async function askForVariables(
  variables: Variables,
  media: readonly ManifestVariable[],
  ask: Ask | undefined,
): Promise<void> {
  const missing = media.filter(({ name }) => variables.get(name) === undefined);
  if (missing.length === 0) return;
  if (ask === undefined) {
    const names = missing.map(({ name }) => name);
    throw new MediasmithError('MEDIUM_INVALID', `nobody is there to give a value to ${names.join(', ')}`, {
      hint: 'Give values in media.yaml or in its machines file. Nothing on this machine was changed.',
    });
  }
  for (const { name, secret } of missing) {
    const value = await ask.text(`Value of the variable ${name}`, { secret });
    variables.set(name, value, { secret });
  }
}

/** The machines file of a medium. `MEDIUM_CORRUPT` where it is none that this version reads. */
export async function readMachines(medium: Medium, files: MediumFiles, signal: AbortSignal): Promise<Machines> {
  const path = medium.manifest.machines;
  if (path === undefined) return NO_MACHINES;
  const bytes = await readWhole(medium, path, { platform: files, signal });
  try {
    return Machines.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new MediasmithError('MEDIUM_CORRUPT', `${path} is no machines file this version reads`, {
      where: path,
      hint: 'Nothing on this machine was changed. Make the medium again.',
      cause,
    });
  }
}
