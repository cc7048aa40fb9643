import { expect, it } from 'vitest';
import { describeMedium } from '../../../cli/commands/inspect.ts';
import { aManifest } from '../../helpers/manifest.ts';

it('shows what steps take from the medium, and values of variables to nobody', () => {
  const manifest = aManifest({
    preferredSequence: 'install',
    applications: [
      { name: 'Office', package: 'office', command: ['setup.exe'], successCodes: [0], dependsOn: ['Fonts'] },
    ],
    upgradePackages: [
      {
        name: '11',
        folder: 'mediasmith/upgrade/11',
        architecture: 'x64',
        version: '10.0',
        languages: [],
        editions: [],
      },
    ],
    variables: [
      { name: 'Site', value: 'workshop', secret: false },
      { name: 'Owner', secret: false },
    ],
  });
  const document = {
    id: manifest.id,
    label: 'L',
    type: 'iso' as const,
    bootEnvironments: [],
    operatingSystems: [],
    sequences: [
      { id: 'install', name: 'Install' },
      { id: 'wipe', name: 'Wipe' },
    ],
    content: [],
  };
  const text = describeMedium({ document, manifest, startsUnder: [], bytes: 0 });
  for (const line of [
    'install  Install  (preferred)',
    'wipe  Wipe\n',
    'Office, after Fonts',
    '11  10.0  x64',
    'Owner  (asked for)',
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('workshop');
});
