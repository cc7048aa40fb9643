import { MICROSOFT_ARCHITECTURES } from '../../runtime/contract/architecture.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { enabledPlaces, stepsOf } from '../../runtime/sequence/analysis/places.ts';
import { type DriverInf, readInfs } from '../driver-infs.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { ResolvedProject } from './resolved-project.ts';

/**
 * Refuses a package that `apply-driver-package` names and that adds nothing to any Windows this medium deploys: that has the
 * architecture of the boot environment. `SOURCE_INVALID` for one without a driver, `DRIVER_WRONG_ARCHITECTURE`.
 */
export async function refuseUselessDrivers({
  project,
  packages,
  winpe,
}: Pick<ResolvedProject, 'project' | 'packages' | 'winpe'>): Promise<void> {
  const architecture = winpe?.options.architecture ?? 'x64';
  const read = new Map<PackageFolder, DriverInf[]>();
  for (const { file, step } of driverSteps(project)) {
    const content = packages.find(({ name }) => name === step.package);
    if (content === undefined) continue;
    const all = read.get(content) ?? (await readInfs(content.folder));
    read.set(content, all);
    const infs = step.recurse ? all : all.filter(({ path }) => !/[\\/]/.test(path));
    const drivers = infs.filter(({ architectures }) => architectures.length > 0);
    if (drivers.length === 0) throw noDriver(file, content, all);
    if (drivers.some(({ architectures }) => architectures.includes(MICROSOFT_ARCHITECTURES[architecture]))) continue;
    throw otherArchitecture(file, content, architecture, drivers);
  }
}

type Architecture = 'x64' | 'arm64';

const MOST_LINES = 20;

function driverSteps({ sequences }: ResolvedProject['project']) {
  return sequences.flatMap(({ file, sequence }) =>
    stepsOf(enabledPlaces(sequence.steps)).flatMap(({ entry: step }) =>
      step.step === 'apply-driver-package' ? [{ file, step }] : [],
    ),
  );
}

function noDriver(file: string, { name, folder }: PackageFolder, infs: readonly DriverInf[]): MediasmithError {
  return new MediasmithError('SOURCE_INVALID', `driver package "${name}" has no driver that its step would add`, {
    where: folder,
    lines: [`apply-driver-package in ${file}`, ...named(infs)],
    hint: 'Give a folder with .inf files: unpack an installer first. With "recurse: false" they lie in its root.',
  });
}

function otherArchitecture(
  file: string,
  { name, folder }: PackageFolder,
  architecture: Architecture,
  infs: readonly DriverInf[],
): MediasmithError {
  return new MediasmithError(
    'DRIVER_WRONG_ARCHITECTURE',
    `driver package "${name}" has no driver for ${architecture}`,
    {
      where: folder,
      lines: [`apply-driver-package in ${file}`, ...named(infs)],
      hint: `Give the drivers for ${architecture} (${MICROSOFT_ARCHITECTURES[architecture]} in an INF), or take the step out.`,
    },
  );
}

function named(infs: readonly DriverInf[]): string[] {
  const lines = infs.map(({ path, architectures }) => `${path}: ${architectures.join(', ') || 'no driver'}`);
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more INF files`];
}
