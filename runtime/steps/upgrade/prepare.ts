import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { VolumeFiles } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { extractPackage } from '../content.ts';
import type { StepContext } from '../context.ts';
import { HOOKS, type Hook, hookScript, UPGRADE_FOLDER } from './scripts.ts';

type Options = StepOptions<'upgrade-operating-system'>;

export type Source = { setup: string; build: number | undefined };

/** setup.exe of the upgrade package, which lies on the medium as plain files, or of the folder the sequence names. */
export async function sourceOf(
  { upgradePackage, installPath }: Options,
  { medium, machine, platform, signal }: StepContext,
): Promise<Source> {
  if (upgradePackage === undefined) return { setup: win32.join(installPath ?? '', 'setup.exe'), build: undefined };
  const { upgradePackages } = medium.manifest;
  const found = upgradePackages.find(({ name }) => name === upgradePackage);
  if (found === undefined) {
    throw new MediasmithError('IMAGE_NOT_FOUND', `the medium has no upgrade package named "${upgradePackage}"`, {
      hint: `It has: ${upgradePackages.map(({ name }) => name).join(', ') || 'none'}.`,
    });
  }
  const running = machine.operatingSystem?.architecture ?? machine.architecture;
  if (found.architecture !== running) {
    throw new MediasmithError(
      'ARCHITECTURE_MISMATCH',
      `"${upgradePackage}" is for ${found.architecture}, the Windows that runs is ${running}`,
      { hint: 'An upgrade keeps the architecture: give the medium installation files for it.' },
    );
  }
  const setup = await platform.mediumFile(medium, `${found.folder}/setup.exe`, { signal });
  return { setup, build: Number(found.version.split('.')[2]) };
}

export type Prepared = { driverFolder: string | undefined; postOobe: string; postRollback: string };

/** Puts drivers and scripts where they outlive the upgrade, and takes away what an earlier try has left there. */
export async function prepareUpgrade(
  options: Options,
  files: VolumeFiles,
  drive: string,
  context: StepContext,
): Promise<Prepared> {
  const fullPath = (path: string): string => win32.join(`${drive}\\`, path);
  await files.remove(UPGRADE_FOLDER);
  const { driverPackage, postOobePackage, postRollbackPackage } = options;
  const drivers = `${UPGRADE_FOLDER}/drivers`;
  if (driverPackage !== undefined) await extractPackage(context, driverPackage, await files.makeFolder(drivers));
  const hook = async (kind: Hook, own: string | undefined): Promise<string> => {
    if (own !== undefined) await extractPackage(context, own, await files.makeFolder(kind.own));
    const path = `${UPGRADE_FOLDER}/${kind.script}`;
    await files.write(path, hookScript(kind, { own: own !== undefined }));
    return fullPath(path);
  };
  return {
    driverFolder: driverPackage === undefined ? options.driverFolder : fullPath(drivers),
    postOobe: await hook(HOOKS.postOobe, postOobePackage),
    postRollback: await hook(HOOKS.postRollback, postRollbackPackage),
  };
}
