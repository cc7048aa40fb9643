import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedFiles } from '../../../../builder/manifest-draft.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { contentToKeep, discAsker } from '../../../../runtime/engine/copy-first.ts';
import { numberSteps } from '../../../../runtime/engine/number-steps.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { runFormatAndPartitionDisk } from '../../../../runtime/steps/format-and-partition-disk/run.ts';
import { Answers } from '../../../helpers/asking.ts';
import { IMAGE, MEDIUM_ID, PACKAGE, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aManifest } from '../../../helpers/manifest.ts';
import { runSteps, scriptedExec } from '../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';
import { stepContext } from '../steps/step-context.ts';

const FILE = { path: IMAGE.file, bytes: 1, sha256: '0'.repeat(64) };
const PARTITION = { step: 'format-and-partition-disk' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };
const keeps = (deeds: readonly string[]) =>
  deeds.filter((deed) => /^(keepFiles|partitionDisk|applyImage|clearContent|activateBoot)/.test(deed));

describe('a medium that is copied first', () => {
  it('is copied right after the disk was laid out, as far as the sequence needs it, and cleared before the disk starts', async () => {
    const { outcome, platform, events } = await runSteps([PARTITION, APPLY], { manifest: { copyFirst: true } });
    expect(outcome.error).toBeUndefined();
    expect(keeps(platform.deeds)).toEqual([
      expect.stringMatching(/^partitionDisk/),
      `keepFiles 1 ${IMAGE.file}`,
      'applyImage 1 to Windows',
      'clearContent',
      'activateBoot',
    ]);
    const said = events.flatMap((event) => (event.event === 'log' ? [event.message] : []));
    expect(said).toContain('everything is on the disk: the medium may be taken out');
  });

  it('is left alone where it is not to be copied', async () => {
    const { platform } = await runSteps([PARTITION, APPLY]);
    expect(keeps(platform.deeds).map((deed) => deed.split(' ')[0])).toEqual([
      'partitionDisk',
      'applyImage',
      'activateBoot',
    ]);
  });

  it('is not copied where it comes from the network, or where its content lies elsewhere', async () => {
    const { steps } = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps: [APPLY] });
    const manifest = aManifest({ copyFirst: true, images: [IMAGE], files: [FILE] });
    const medium = { manifest, launchMode: 'UFD' } as const;
    const startedFrom = { root: '', device: '', disk: '', launchMode: 'UFD' } as const;
    expect(contentToKeep(numberSteps(steps).steps.keys(), medium)).toEqual([FILE]);
    expect(contentToKeep(numberSteps(steps).steps.keys(), { ...medium, launchMode: 'PXE' })).toBeUndefined();
    expect(contentToKeep(numberSteps(steps).steps.keys(), { ...medium, startedFrom })).toBeUndefined();
    expect(
      contentToKeep(numberSteps(steps).steps.keys(), { ...medium, manifest: { ...manifest, copyFirst: false } }),
    ).toBeUndefined();
  });

  it('is refused, with the sums, where a disk cannot hold it beside the image, before anything is erased', async () => {
    const options = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps: [PARTITION] }).steps[0];
    const { context, platform } = await stepContext();
    const [disk] = context.machine.disks;
    const bytes = Math.floor((disk?.bytes ?? 0) * 0.9);
    const image = { ...IMAGE, bytes };
    const fills = [{ image, kind: 'windows', volume: 'Windows', sure: true, elsewhere: false }] as const;
    await runFormatAndPartitionDisk(options as never, { ...context, fills });
    expect(platform.deeds.length).toBe(1);
    const contentToKeep = [{ ...FILE, bytes: Math.floor((disk?.bytes ?? 0) * 0.1) }];
    await expect(
      runFormatAndPartitionDisk(options as never, { ...context, fills, contentToKeep }),
    ).rejects.toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      lines: [
        expect.stringMatching(/^the image: /),
        expect.stringMatching(/^the content of the medium, until the end: /),
      ],
    });
    expect(platform.deeds.length).toBe(1);
  });

  it('goes on in the deployed Windows without the medium: what is needed there lies beside the state', async () => {
    const { outcome, platform } = await runSteps(
      [
        PARTITION,
        APPLY,
        { step: 'apply-windows-settings', computerName: 'PC', organization: 'O', timeZone: 'UTC' },
        { step: 'setup-windows' },
        { step: 'stage-content', packages: [PACKAGE.name] },
      ],
      {
        manifest: { copyFirst: true, windowsRuntimes: [{ architecture: 'x64', file: IMAGE.file }] },
      },
    );
    expect(outcome).toMatchObject({ action: 'restart', continues: 'full-os' });
    const kept = join(platform.volume('Windows'), '_SMSTaskSequence/Medium');
    expect(await readFile(join(kept, PACKAGE.file), 'utf8')).toBe('a package');
    expect(JSON.parse(await readFile(join(kept, 'mediasmith/manifest.json'), 'utf8'))).toMatchObject({ id: MEDIUM_ID });
    await expect(readFile(join(kept, IMAGE.file))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a set of discs', () => {
  const steps = [PARTITION, APPLY, { step: 'stage-content', packages: [PACKAGE.name] }];

  /** The image lies on the third disc, the package on the second. */
  async function start(ask: Answers | undefined, change: (platform: FakePlatform) => void = () => {}) {
    const folder = await temporaryFolder();
    const platform = new FakePlatform(folder);
    change(platform);
    const sequence = { formatVersion: 2, id: 'a', name: 'A', onFailure: 'shell', steps };
    const manifest = await writeFakeMedium(folder, [sequence], { discs: 3 });
    await number(folder, manifest);
    platform.boot = { mediumId: MEDIUM_ID, sequenceId: 'a' };
    await writeFiles(folder, { 'smsts.log': '' });
    const events: RunEvent[] = [];
    await runMedium({
      ...{ platform, exec: scriptedExec([]), ask, logFile: join(folder, 'smsts.log') },
      ...{ emit: (event: RunEvent) => void events.push(event), signal: new AbortController().signal },
      wait: async () => {},
    });
    return { platform, events, finished: events.at(-1) };
  }

  it('is copied disc by disc', async () => {
    const { platform } = await start(new Answers());
    expect(keeps(platform.deeds).find((deed) => deed.startsWith('keepFiles'))).toBe(
      `keepFiles 2 ${PACKAGE.file}, 3 ${IMAGE.file}`,
    );
    expect(platform.discAsker).toBeDefined();
  });

  it('starts nothing where nobody is there and a disc is in no drive', async () => {
    const { platform, finished } = await start(undefined, (fake) => {
      fake.discsAway = [2, 3];
    });
    expect(finished).toMatchObject({
      outcome: 'failed',
      code: 'MEDIUM_NOT_FOUND',
      error: expect.stringContaining('discs 2, 3 of 3 are in no drive, and nobody is there to put discs in'),
    });
    expect(platform.deeds.filter((deed) => deed.startsWith('partitionDisk'))).toEqual([]);
  });

  it('starts by itself where all its discs are in drives', async () => {
    const { platform, finished } = await start(undefined);
    expect(finished).toMatchObject({ outcome: 'succeeded' });
    expect(platform.discAsker).toBeUndefined();
  });

  it('is asked for by number and label, and what is in the drives instead is named', async () => {
    const ask = new Answers('', '');
    await discAsker(ask)({ disc: 2, of: 3, label: 'BRANCH_OFFICE_2' }, []);
    await discAsker(ask)({ disc: 1, of: 1, label: 'BRANCH' }, ['/dev/sr0: another medium']);
    expect(JSON.stringify(ask.asked)).toContain('Put in disc 2 of 3: BRANCH_OFFICE_2, then press Enter');
    expect(JSON.stringify(ask.asked)).toContain('In /dev/sr0: another medium\\nPut the medium in again: BRANCH');
  });
});

/** Gives the files of a fake medium the discs they lie on. */
async function number(folder: string, manifest: Manifest): Promise<void> {
  const discs: Readonly<Record<string, number>> = { [PACKAGE.file]: 2, [IMAGE.file]: 3 };
  const files = manifest.files.map(({ path, bytes }) => ({
    path,
    bytes,
    ...(discs[path] !== undefined && { disc: discs[path] }),
  }));
  const hashes = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  await writeFiles(join(folder, 'medium'), Object.fromEntries(finishedFiles({ ...manifest, files }, hashes)));
}
