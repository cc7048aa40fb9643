import type { ManifestDraft } from '../../builder/manifest-draft.ts';
import { Manifest } from '../../runtime/contract/manifest.ts';

/** The manifest of an empty medium, changed as a test wants it. */
export function aManifest(wish: Partial<Manifest> = {}): Manifest {
  return Manifest.parse({
    formatVersion: 1,
    id: '11111111-2222-4333-8444-555555555555',
    name: 'Test',
    label: 'TEST',
    builtBy: 'test',
    bootEnvironment: 'linux',
    unattended: false,
    sequences: [],
    images: [],
    packages: [],
    files: [],
    ...wish,
  });
}

/** The same before its files are hashed. */
export function aDraft({ files = [], ...wish }: Partial<ManifestDraft> = {}): ManifestDraft {
  return { ...aManifest(wish), files };
}
