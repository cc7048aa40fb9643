import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Emit } from '../runtime/contract/events.ts';
import { VERSION } from '../runtime/contract/version.ts';
import type { Exec } from '../runtime/host/exec.ts';
import { prepareLinuxBootEnvironment } from './boot/linux/prepare.ts';
import { fingerprintFile } from './fingerprint.ts';
import { nameMedium } from './medium-identity.ts';
import type { MediaPlan } from './plan.ts';
import type { SourceMemory } from './source-memory.ts';
import { refuseWithoutSpace } from './space.ts';
import { captureContent } from './stages/capture-content.ts';
import { exportImages } from './stages/export-images.ts';
import { layOutMedium } from './stages/lay-out-medium.ts';
import { runStage, type StageContext } from './stages/stage.ts';
import { type WrittenIso, writeIsoMedium } from './stages/write-iso-medium.ts';
import { openWorkspace } from './workspace.ts';

export type BuildOptions = {
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
  cacheFolder: string;
  memory: SourceMemory;
  refreshBootEnvironment?: boolean;
};

export type WrittenOutput = { kind: 'iso'; path: string; bytes: number; sha256: string };

export type BuildResult = { outputs: WrittenOutput[]; stages: { name: string; seconds: number }[] };

/** Carries out a plan. A build that fails or is interrupted leaves every existing output as it was, and nothing else. */
export async function buildMedia(plan: MediaPlan, options: BuildOptions): Promise<BuildResult> {
  await refuseWithoutSpace(plan.space);
  const stages: BuildResult['stages'] = [];
  const emit: Emit = (event) => {
    if (event.event === 'stage-finished') stages.push({ name: event.name, seconds: event.seconds });
    options.emit(event);
  };
  const { project, packages } = plan.resolved;
  const [first] = project.outputs;
  if (first === undefined) throw new Error('a plan without outputs');
  await using workspace = await openWorkspace(dirname(first.iso));
  const context: StageContext = { ...options, emit, workspace: workspace.folder };
  const remaining = plan.stages.values();
  const stage = <T>(work: () => Promise<T>): Promise<T> => {
    const next = remaining.next();
    if (next.done) throw new Error('more stages than the plan has');
    options.signal.throwIfAborted();
    return runStage(emit, next.value, work);
  };

  const environment = await stage(() =>
    prepareLinuxBootEnvironment({
      cacheFolder: options.cacheFolder,
      exec: options.exec,
      emit,
      signal: options.signal,
      refresh: options.refreshBootEnvironment ?? false,
    }),
  );
  const exportsAny = plan.wims.some(({ source }) => !source.inPlace);
  const exportAll = () => exportImages(plan.wims, context);
  const wimFiles = exportsAny ? await stage(exportAll) : await exportAll();
  const contentFile = packages.length === 0 ? undefined : await stage(() => captureContent(packages, context));
  const contentKey = contentFile === undefined ? '' : await fingerprintFile(contentFile);
  const names = nameMedium(plan, [environment.key, contentKey], VERSION);
  const { tree, draft } = await layOutMedium({ plan, names, environment, wimFiles, contentFile });
  const medium = { tree, draft, environment, identity: names.iso, label: project.label };
  await using workspaces = new AsyncDisposableStack();
  const written: { path: string; iso: WrittenIso }[] = [];
  for (const { iso: path } of project.outputs) {
    // Each beside its final name, so that giving it that name is one step.
    const beside = workspaces.use(await openWorkspace(dirname(path)));
    written.push({ path, iso: await stage(() => writeIsoMedium(medium, { ...context, workspace: beside.folder })) });
  }
  options.signal.throwIfAborted();
  for (const { path, iso } of written) await rename(iso.file, path);
  return { outputs: written.map(({ path, iso: { bytes, sha256 } }) => ({ kind: 'iso', path, bytes, sha256 })), stages };
}
