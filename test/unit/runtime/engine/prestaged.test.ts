import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentToCarry, contentToKeep } from '../../../../runtime/engine/copy-first.ts';
import { machineVariables } from '../../../../runtime/engine/machine-variables.ts';
import { numberSteps } from '../../../../runtime/engine/number-steps.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { IMAGE, PACKAGE } from '../../../helpers/fake-medium.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { aManifest } from '../../../helpers/manifest.ts';
import { fail, runSteps } from '../../../helpers/run.ts';

const GIB = 1024 ** 3;
const OWN = aDisk({ holdsMedium: true, prestagedBytes: 7 * GIB, empty: true });
const PRESTAGED = {
  machine: aMachine({ disks: [OWN] }),
  medium: { device: '/dev/nvme0n1p1', disk: 'nvme0n1', launchMode: 'HD', prestaged: true },
} as const;
const STEPS = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: IMAGE.name }];
const ends = (deeds: readonly string[]) =>
  deeds.filter((deed) => /^(clearContent|activateBoot|removeMedium)/.test(deed));

describe('a run from a prestaged medium', () => {
  it('takes the medium off the disk when the disk starts by itself, and not before', async () => {
    const { outcome, platform } = await runSteps(STEPS, PRESTAGED);
    expect(outcome.error).toBeUndefined();
    expect(ends(platform.deeds)).toEqual(['activateBoot', 'removeMedium']);
  });

  it("is told by ConfigMgr's variables", () => {
    const sequence = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps: STEPS });
    const medium = { ...PRESTAGED.medium, root: '', manifest: aManifest({}) };
    const variables = new Map(machineVariables(PRESTAGED.machine, sequence, medium, 'linux'));
    expect(['_SMSTSMediaType', '_SMSTSLaunchMode'].map((name) => variables.get(name))).toEqual(['OEMMedia', 'HD']);
  });

  it('leaves the medium where it is when it fails', async () => {
    const { outcome, platform } = await runSteps([...STEPS, fail('x')], PRESTAGED);
    expect(outcome.error).toBeDefined();
    expect(ends(platform.deeds)).toEqual([]);
  });

  it('takes along what Windows still needs, and copies nothing before', async () => {
    const windows = [
      { step: 'apply-windows-settings', computerName: 'PC', organization: 'O', timeZone: 'UTC' },
      { step: 'setup-windows' },
      { step: 'stage-content', packages: [PACKAGE.name] },
    ];
    const manifest = { windowsRuntimes: [{ architecture: 'x64' as const, file: IMAGE.file }] };
    const { outcome, platform } = await runSteps([...STEPS, ...windows], { ...PRESTAGED, manifest });
    expect(outcome).toMatchObject({ action: 'restart', continues: 'full-os' });
    expect(platform.deeds.join()).not.toContain('keepFiles');
    expect(ends(platform.deeds)).toEqual(['activateBoot', 'removeMedium']);
    const kept = join(platform.volume('Windows'), '_SMSTaskSequence/Medium');
    expect(await readFile(join(kept, PACKAGE.file), 'utf8')).toBe('a package');
  });

  it('refuses an image that fits only without the medium, before anything is erased', async () => {
    const images = [{ ...IMAGE, bytes: 56 * GIB }];
    const fits = await runSteps(STEPS, { machine: aMachine(), manifest: { images } });
    expect(fits.outcome.error).toBeUndefined();
    const { outcome, platform } = await runSteps(STEPS, { ...PRESTAGED, manifest: { images } });
    expect(outcome.error).toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      lines: [expect.stringMatching(/^the image/), 'the prestaged medium, until the end: 7.0 GB'],
    });
    expect(platform.deeds.join()).not.toContain('partitionDisk');
  });
});

it('what a prestaged medium has is carried, and never copied first', () => {
  const { steps } = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps: STEPS });
  const file = { path: IMAGE.file, bytes: 1, sha256: '0'.repeat(64) };
  const manifest = aManifest({ copyFirst: true, images: [IMAGE], files: [file] });
  const medium = { manifest, launchMode: 'HD', prestaged: true } as const;
  const numbered = () => numberSteps(steps).steps.keys();
  expect(contentToKeep(numbered(), medium)).toBeUndefined();
  expect(contentToCarry(numbered(), medium)).toEqual([file]);
  expect(
    contentToCarry(numbered(), { manifest: { ...manifest, copyFirst: false }, launchMode: 'UFD' }),
  ).toBeUndefined();
});
