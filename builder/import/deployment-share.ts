import { entryOf } from './entry-of.ts';
import type { Notes } from './mapping.ts';

/** Folders of MDT's deployment share by the variables that hold them. */
const ROOTS: Readonly<Record<string, string>> = { scriptroot: 'Scripts', deployroot: '.', toolroot: 'Tools\\x64' };
const ROOT = /%(scriptroot|deployroot|toolroot)%(\\*)/gi;

/**
 * A command that uses MDT's deployment share, as one that is started in a copy of it: the share is a package, and what
 * lies in it is named from its top. Undefined for a command that does not use it.
 */
export function deploymentShareCommand(
  command: string,
  { supply, changed }: Notes,
): { command: string; package: string } | undefined {
  if (!/%(scriptroot|deployroot|toolroot)%/i.test(command)) return undefined;
  changed('the deployment share is a package here, in a copy of which the program is started');
  if (/\.wsf\b/i.test(command)) changed("check its script: MDT's own library and environment are not there");
  return {
    command: command.replace(ROOT, fromTop).trim(),
    package: supply('package', 'DeploymentShare', 'deployment-share'),
  };
}

function fromTop(_whole: string, root: string, slashes: string): string {
  const folder = entryOf(ROOTS, root.toLowerCase()) ?? '.';
  return slashes === '' ? folder : folder === '.' ? '' : `${folder}\\`;
}
