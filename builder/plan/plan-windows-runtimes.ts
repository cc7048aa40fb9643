import { definitionOf, type Entry, isGroup, type Step } from '../../runtime/sequence/schema.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import type { PlannedFile } from './planned-file.ts';

/** mediasmith.exe for an installed Windows, and where it lies on the medium. */
export type PlannedRuntime = { architecture: 'x64' | 'arm64'; path: string };

/** Node for Windows with the runtime, a little above what it is. */
const RUNTIME_BYTES = { x64: 112 * 1024 ** 2, arm64: 96 * 1024 ** 2 } as const;
const EXECUTABLE = 'mediasmith.exe';

type Parts = Pick<ResolvedProject, 'project' | 'wims' | 'upgradePackages' | 'winpe'>;

/**
 * The runtimes for a Windows in which a sequence goes on or begins, one for each architecture the project deploys. Where a
 * person starts it in the running Windows, one lies at the root of the medium: that for x64, which Windows on ARM runs too.
 */
export function planWindowsRuntimes(parts: Parts): PlannedRuntime[] {
  const { sequences } = parts.project;
  const steps = sequences.flatMap(({ sequence }) => enabledSteps(sequence.steps));
  const startedByHand =
    sequences.some(({ sequence }) => sequence.startsIn !== 'winpe') ||
    steps.some((step) => (definitionOf(step).needs(step as never).upgradePackages ?? []).length > 0);
  const needed = startedByHand || steps.some((step) => definitionOf(step).needs(step as never).windowsRuntime === true);
  if (!needed) return [];
  const architectures = architecturesOf(parts);
  const atRoot = architectures.includes('x64') ? 'x64' : 'arm64';
  return architectures.map((architecture) => ({
    architecture,
    path: startedByHand && architecture === atRoot ? EXECUTABLE : `mediasmith/windows/${architecture}/${EXECUTABLE}`,
  }));
}

function enabledSteps(entries: readonly Entry[]): Step[] {
  return entries.flatMap((entry) => {
    if (!entry.enabled) return [];
    return isGroup(entry) ? enabledSteps(entry.steps) : [entry];
  });
}

/** Where no image says what it is for, that of the boot environment. */
function architecturesOf({ wims, upgradePackages, winpe }: Parts): PlannedRuntime['architecture'][] {
  const named = [
    ...wims.flatMap(({ chosen }) => chosen.map(({ image }) => image.windows?.architecture)),
    ...upgradePackages.map(({ architecture }) => architecture),
  ];
  const found = (['x64', 'arm64'] as const).filter((architecture) => named.includes(architecture));
  return found.length > 0 ? found : [winpe?.options.architecture ?? 'x64'];
}

export function planRuntimeFile({ path, architecture }: PlannedRuntime): PlannedFile {
  return { path, bytes: RUNTIME_BYTES[architecture], from: `the runtime for Windows (${architecture})`, how: 'made' };
}
