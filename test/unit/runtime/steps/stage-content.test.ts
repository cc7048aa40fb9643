import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseForeignFolder } from '../../../../runtime/steps/stage-content/run.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { type ContentRun, type ContentWish, runContent } from '../../../helpers/run-content.ts';

const DEPLOY = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];
const STEP = { step: 'stage-content', packages: ['tools', 'more'], destinationVariable: 'CONTENT' };
const packages = ['tools', 'more'];

function stage(more: object, wish: ContentWish = {}, deploy: readonly object[] = []) {
  return runContent([...deploy, { ...STEP, ...more }], { packages, files: { 'a.txt': '' }, ...wish });
}

function folders({ variables }: ContentRun): (string | undefined)[] {
  return ['CONTENT01', 'CONTENT02', 'CONTENT03'].map((name) => variables.get(name));
}

async function isThere({ platform }: ContentRun, volume: string, file: string): Promise<boolean> {
  return access(join(platform.volume(volume), file)).then(
    () => true,
    () => false,
  );
}

describe('packages are put', () => {
  it('where the running Windows keeps the sequence', async () => {
    const run = await stage({});
    expect(run.outcome).toEqual({ action: 'restart' });
    const place = 'C:\\_SMSTaskSequence\\Packages';
    expect(folders(run)).toEqual([`${place}\\tools`, `${place}\\more`, undefined]);
    expect(await isThere(run, 'C', '_SMSTaskSequence/Packages/more/a.txt')).toBe(true);
  });

  it('on the deployed Windows, which Linux calls C:', async () => {
    const run = await stage({ destination: 'C:\\Stage\\' }, { platformName: 'linux', machine: aMachine() }, DEPLOY);
    expect(folders(run)).toEqual(['C:\\Stage\\tools', 'C:\\Stage\\more', undefined]);
    expect(await isThere(run, 'Windows', 'Stage/tools/a.txt')).toBe(true);
  });

  it('on another drive', async () => {
    const run = await stage({ destination: 'd:/' });
    expect(folders(run)).toEqual(['D:\\tools', 'D:\\more', undefined]);
    expect(await isThere(run, 'D', 'tools/a.txt')).toBe(true);
  });

  it('by another folder where OSDDownloadDestinationPath says so', async () => {
    const step = { step: 'set-variable', variable: 'OSDDownloadDestinationPath', value: 'C:\\Other' };
    expect(folders(await stage({ destination: 'C:\\Stage' }, {}, [step]))[0]).toBe('C:\\Other\\tools');
  });
});

describe('there is no place', () => {
  it.each([
    ['linux', 'D:\\x', 'the Linux boot environment has no drive D:'],
    ['linux', 'C:\\x', 'no operating system has been applied in this run'],
    ['winpe', undefined, 'no operating system has been applied in this run'],
    ['windows', '\\\\srv\\share', 'packages are staged on a disk and not in a shared folder'],
  ] as const)('on %s for %s', async (platformName, destination, message) => {
    const { outcome } = await stage({ destination }, { platformName, machine: aMachine() });
    expect(outcome.error).toMatchObject({ message });
  });
});

it('a package that fails ends the step, or leaves its variable empty', async () => {
  const wish = { packages: ['more'] };
  const failed = await stage({}, wish);
  expect(failed.outcome.error).toMatchObject({ message: 'the medium has no package named "tools"' });
  const run = await stage({ continueOnFailure: true }, wish);
  expect([run.outcome.error, folders(run)]).toEqual([
    undefined,
    [undefined, 'C:\\_SMSTaskSequence\\Packages\\more', undefined],
  ]);
});

it('a folder of Windows itself is never emptied for a package', () => {
  for (const path of [
    'Windows',
    'windows/System32',
    'Users',
    'Program Files',
    '_SMSTaskSequence',
    '$Recycle.Bin',
    'a/../Users/x',
  ])
    expect(() => refuseForeignFolder(path)).toThrow(/cannot take the place of the folder/);
  for (const path of [
    'Packages/windows',
    '_SMSTaskSequence/Packages/tools',
    'Windows/Temp/tools',
    'Program Files/tools',
  ])
    refuseForeignFolder(path);
});
