import { expect, it } from 'vitest';
import { olderWinpeNotes } from '../../../../builder/plan/plan-builds.ts';
import type { ResolvedProject } from '../../../../builder/resolve/resolved-project.ts';
import type { WimWindows } from '../../../../runtime/wim/wim-image.ts';
import { aWim } from '../../../helpers/project.ts';

const windows = (version: string): WimWindows => ({
  ...{ architecture: 'x64', edition: 'Professional', installationType: 'Client', productName: 'Windows', version },
  ...{ languages: ['en-US'], defaultLanguage: 'en-US' },
});

function notes(winpe: string | undefined, images: Record<string, string>): string[] {
  const wanted = Object.keys(images).map((name, index): [string, number] => [name, index + 1]);
  const wim = aWim('/install.wim', wanted);
  const chosen = wim.chosen.map((one) => ({
    ...one,
    image: { ...one.image, windows: windows(images[one.name] ?? '') },
  }));
  const image = { ...wim.chosen[0]?.image, ...(winpe !== undefined && { windows: windows(winpe) }) };
  return olderWinpeNotes({ wims: [{ ...wim, chosen }], winpe: { image } as ResolvedProject['winpe'] });
}

it('names both builds where WinPE is older than what it is to apply', () => {
  expect(notes('10.0.19041.1', { pro: '10.0.26100.1742', home: '10.0.26100.1742', old: '10.0.19041.985' })).toEqual([
    expect.stringMatching(
      /^the boot image has Windows 10\.0\.19041\.1, .* older than 10\.0\.26100\.1742 of "pro", "home":/,
    ),
  ]);
  expect(notes('6.3.9600', { a: '10.0.10240' })).toHaveLength(1);
});

it('says nothing of one that is as new or newer, whatever the revision, or that does not say what it is', () => {
  expect(notes('10.0.26100.1', { a: '10.0.26100.4000' })).toEqual([]);
  expect(notes('10.0.26100.1', { a: '10.0.9999.1', b: '6.3.99999' })).toEqual([]);
  expect(notes('10.0.26100.1', { a: '' })).toEqual([]);
  expect(notes(undefined, { a: '10.0.26100' })).toEqual([]);
  expect(olderWinpeNotes({ wims: [], winpe: undefined })).toEqual([]);
});
