import { basename } from 'node:path';
import { type BuildResult, buildMedia } from '../../builder/build.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProject, projectOrThrow } from '../../builder/config/load.ts';
import { type MediaPlan, planMedia } from '../../builder/plan/plan.ts';
import { resolveProject } from '../../builder/resolve/resolve.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { refuseWithoutSpace } from '../../builder/space.ts';
import type { Problem } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { exec } from '../../runtime/host/exec.ts';
import { renderProblem } from '../report-error.ts';
import type { CommandResult, Session } from '../session.ts';

export type BuildCommandOptions = { dryRun?: boolean; verifySources?: boolean; refreshBootEnvironment?: boolean };

const RESOLVE_STAGE = { name: 'sources', title: 'Read the sources' };

/** Loads, resolves and plans; then prints the plan, or carries it out. */
export async function build(session: Session, file: string, options: BuildCommandOptions): Promise<CommandResult> {
  const found: Problem[] = [];
  const plan = await planProject(session, file, options, (warnings) => {
    found.push(...warnings);
    // Whoever does not validate first is told as well; standard output has one document and nothing else.
    for (const warning of warnings) process.stderr.write(`${renderProblem(warning)}\n`);
  });
  const problems = found.length > 0 && { problems: found };
  if (options.dryRun === true) {
    await refuseWithoutSpace(plan.space);
    return { document: { ...planDocument(plan), ...problems }, text: describePlan(plan) };
  }
  for (const warning of plan.warnings) process.stderr.write(`warning: ${warning}\n`);
  const result = await carryOut(session, plan, options);
  const outputs = result.outputs.map(
    ({ path, bytes, sha256 }) => `${path}\n  ${formatBytes(bytes)}, SHA-256 ${sha256}\n`,
  );
  const boot = result.boot.map(({ lines }) => `Starts:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  const document = { ...result, boot: result.boot.map(({ facts }) => facts), notes: plan.notes, ...problems };
  return { document, text: [...outputs, ...boot].join('') };
}

/** Reads a project and its sources and plans the build. `warn` gets what is wrong with the project and does not stop it. */
export async function planProject(
  session: Session,
  file: string,
  options: BuildCommandOptions,
  warn: (warnings: readonly Problem[]) => void = () => undefined,
): Promise<MediaPlan> {
  const { signal } = session;
  const loaded = await loadProject(file);
  const project = projectOrThrow(file, loaded);
  warn(loaded.problems);
  const memory = new SourceMemory(cacheFolder());
  const resolved = await session.progress([RESOLVE_STAGE], async (emit) => {
    emit({ event: 'stage-started', ...RESOLVE_STAGE });
    const verifySources = options.verifySources === true;
    return resolveProject(project, { memory, verifySources, emit, signal, exec, cacheFolder: cacheFolder() });
  });
  return planMedia(resolved);
}

/** Carries a plan out with progress on the terminal. */
export function carryOut(session: Session, plan: MediaPlan, options: BuildCommandOptions): Promise<BuildResult> {
  const { signal } = session;
  const refreshBootEnvironment = options.refreshBootEnvironment === true;
  return session.progress(plan.stages, (emit) =>
    buildMedia(plan, {
      exec,
      emit,
      signal,
      cacheFolder: cacheFolder(),
      memory: new SourceMemory(cacheFolder()),
      refreshBootEnvironment,
    }),
  );
}

function planDocument({ stages, files, discSets, notes, totalBytes, stickSizes, space }: MediaPlan): object {
  return { plan: { stages, files, discSets, notes, totalBytes, stickSizes, space } };
}

function describeDisc(
  { path, files, bytes }: MediaPlan['discSets'][number][number],
  disc: number,
  of: number,
): string[] {
  const lines = files.map((file) => `  ${file.path}  ${formatBytes(file.bytes)}`);
  return [`Disc ${disc} of ${of}, ${path}, at most ${formatBytes(bytes)}:`, ...lines];
}

/** A plan as a person reads it. */
export function describePlan({ stages, files, discSets, notes, totalBytes, stickSizes, space }: MediaPlan): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  return [
    'Stages:',
    ...stages.map(({ title }, index) => `  ${index + 1}  ${title}`),
    'On the medium:',
    ...files.map(
      ({ path, bytes, how, from }) => `  ${path.padEnd(width)}  ${formatBytes(bytes).padStart(9)}  ${how}: ${from}`,
    ),
    ...discSets.flatMap((discs) => discs.flatMap((disc, index) => describeDisc(disc, index + 1, discs.length))),
    ...notes,
    `At most ${formatBytes(totalBytes)} altogether.`,
    ...stickSizes.map(
      ({ path, bytes }) => `A stick (or disk) of ${formatBytes(bytes)} is enough for ${basename(path)}.`,
    ),
    ...space.map(({ folder, bytes }) => `Free space needed in ${folder}: at most ${formatBytes(bytes)}`),
    'Nothing was written.',
    '',
  ].join('\n');
}
