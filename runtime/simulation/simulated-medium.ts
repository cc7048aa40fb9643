import { Manifest, type ManifestImage, MEDIUM_PATHS } from '../contract/manifest.ts';
import type { RecordedMachine } from '../contract/recorded-machine.ts';
import { numberSteps } from '../engine/number-steps.ts';
import { neededBy } from '../engine/runner.ts';
import type { Sequence } from '../sequence/schema.ts';

export const SIMULATED_MEDIUM_ID = '00000000-0000-8000-8000-000000000000';

/** What a content package holds, by its index. Of one that is not recorded that much is taken: an update. */
export function filesOfPackage(index: number, manifest: Manifest, { packages }: RecordedMachine): readonly string[] {
  const name = manifest.packages.find((known) => known.index === index)?.name;
  return name === undefined ? [] : (packages[name] ?? [`${name}.msu`]);
}

/** The manifest of a medium that has everything the sequence asks for, for this machine. Sizes count as nothing. */
export function simulatedManifest(sequence: Sequence, machine: RecordedMachine): Manifest {
  const { architecture } = machine;
  const needs = neededBy(numberSteps(sequence.steps).steps.keys());
  const packages = [...new Set([...needs.packages, ...needs.applications])];
  return Manifest.parse({
    formatVersion: 1,
    id: SIMULATED_MEDIUM_ID,
    name: 'Simulation',
    label: 'SIMULATION',
    builtBy: 'mediasmith',
    bootEnvironment: machine.environment === 'linux' ? 'linux' : 'winpe',
    unattended: true,
    sequences: [],
    images: needs.images.map(
      (name): ManifestImage => ({ name, file: `${MEDIUM_PATHS.images}/${name}.wim`, index: 1, bytes: 0 }),
    ),
    packages: packages.map(
      (name, index): ManifestImage => ({ name, file: MEDIUM_PATHS.content, index: index + 1, bytes: 0 }),
    ),
    applications: needs.applications.map((name) => ({
      name,
      package: name,
      command: [`${name}.exe`],
      successCodes: [0],
      dependsOn: [],
    })),
    upgradePackages: needs.upgradePackages.map((name) => ({
      name,
      folder: `mediasmith/upgrade/${name}`,
      architecture,
      version: '10.0.26100',
      languages: [],
      editions: [],
    })),
    windowsRuntimes: [{ architecture, file: 'mediasmith.exe' }],
    files: [],
  });
}
