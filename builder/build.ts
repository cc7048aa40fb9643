import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Emit } from '../runtime/contract/events.ts';
import { VERSION } from '../runtime/contract/version.ts';
import type { Exec } from '../runtime/host/exec.ts';
import type { BootEnvironment, BootMedium } from './boot/boot-environment.ts';
import { linuxEnvironment } from './boot/linux/environment.ts';
import { winpeEnvironment } from './boot/winpe/environment.ts';
import { outputPath } from './config/schema.ts';
import { fingerprintFile } from './fingerprint.ts';
import { nameMedium } from './medium-identity.ts';
import { type Variant, variantPath } from './output-files.ts';
import type { MediaPlan } from './plan/plan.ts';
import type { SourceMemory } from './source-memory.ts';
import { refuseWithoutSpace } from './space.ts';
import { captureContent } from './stages/capture-content.ts';
import { exportImages } from './stages/export-images.ts';
import { type Ingredients, layOutMedium } from './stages/lay-out-medium.ts';
import { runStage, type StageContext } from './stages/stage.ts';
import { type PlacedOutput, type WrittenOutput, writeOutput } from './stages/write-output.ts';
import { openWorkspace } from './workspace.ts';

export type BuildOptions = {
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
  cacheFolder: string;
  memory: SourceMemory;
  refreshBootEnvironment?: boolean;
};

export type BuildResult = {
  outputs: WrittenOutput[];
  /** What each medium starts: one, or one for each set of boot files. */
  boot: BootMedium['report'][];
  stages: { name: string; seconds: number }[];
};

/** Runs the next of the planned stages. */
type Stage = <T>(work: () => Promise<T>) => Promise<T>;

/** Carries out a plan. A build that fails or is interrupted leaves every existing output as it was, and nothing else. */
export async function buildMedia(plan: MediaPlan, options: BuildOptions): Promise<BuildResult> {
  await refuseWithoutSpace(plan.space);
  const stages: BuildResult['stages'] = [];
  const emit: Emit = (event) => {
    if (event.event === 'stage-finished') stages.push({ name: event.name, seconds: event.seconds });
    options.emit(event);
  };
  const { project } = plan.resolved;
  const [first] = project.outputs;
  if (first === undefined) throw new Error('a plan without outputs');
  await using workspace = await openWorkspace(dirname(outputPath(first)));
  const context: StageContext = { ...options, emit, workspace: workspace.folder };
  const stage = stageRunner(plan, emit, options.signal);

  const environment = await stage(() => prepareEnvironment(plan, { ...options, emit }));
  const exportsAny = plan.wims.some(({ how, split }) => how !== 'in place' || split);
  const exportAll = () => exportImages(plan.wims, context);
  const wimFiles = exportsAny ? await stage(exportAll) : await exportAll();
  const contentFile =
    plan.packages.length === 0 ? undefined : await stage(() => captureContent(plan.packages, context));
  const made = { plan, wimFiles, contentFile };
  await using workspaces = new AsyncDisposableStack();
  const media: { placed: PlacedOutput[]; report: BootMedium['report'] }[] = [];
  for (const variant of plan.variants)
    media.push(await buildVariant(variant, environment, made, { context, stage, workspaces }));
  options.signal.throwIfAborted();
  const outputs: WrittenOutput[] = [];
  for (const output of media.flatMap(({ placed }) => placed)) outputs.push(await output.place());
  return { outputs, boot: media.map(({ report }) => report), stages };
}

function stageRunner(plan: MediaPlan, emit: Emit, signal: AbortSignal): Stage {
  const remaining = plan.stages.values();
  return (work) => {
    const next = remaining.next();
    if (next.done) throw new Error('more stages than the plan has');
    signal.throwIfAborted();
    return runStage(emit, next.value, work);
  };
}

function prepareEnvironment({ resolved }: MediaPlan, options: BuildOptions): Promise<BootEnvironment> {
  const { cacheFolder, exec, emit, signal } = options;
  const common = { cacheFolder, exec, emit, signal };
  if (resolved.winpe !== undefined) return winpeEnvironment(resolved.winpe, common);
  return linuxEnvironment({ ...common, refresh: options.refreshBootEnvironment ?? false });
}

/** One medium in all its forms. */
async function buildVariant(
  variant: Variant,
  environment: BootEnvironment,
  made: Pick<Ingredients, 'plan' | 'wimFiles' | 'contentFile'>,
  { context, stage, workspaces }: { context: StageContext; stage: Stage; workspaces: AsyncDisposableStack },
): Promise<{ placed: PlacedOutput[]; report: BootMedium['report'] }> {
  const { project } = made.plan.resolved;
  const contentKey = made.contentFile === undefined ? '' : await fingerprintFile(made.contentFile);
  const names = nameMedium(made.plan, variant, [environment.key, contentKey], VERSION);
  const workspace = join(context.workspace, `boot-${variant.signing ?? 'medium'}`);
  await mkdir(workspace);
  const sequences = project.sequences.map(({ sequence: { id, name } }) => ({ id, title: name }));
  const booted = { id: names.id, identity: names.iso, sequences, signing: variant.signing };
  const makeBoot = () => environment.forMedium(booted, { ...context, workspace });
  const boot = project.bootEnvironment === 'winpe' ? await stage(makeBoot) : await makeBoot();
  const { tree, draft } = await layOutMedium({ ...made, names, boot });
  const medium = { tree, draft, boot, identity: names.iso, label: project.label };
  const placed: PlacedOutput[] = [];
  for (const output of project.outputs) {
    const path = made.plan.variants.length === 1 ? outputPath(output) : variantPath(outputPath(output), variant);
    // Each beside its final name, so that giving it that name is one step.
    const beside = workspaces.use(await openWorkspace(dirname(path)));
    placed.push(await stage(() => writeOutput(medium, output, path, { ...context, workspace: beside.folder })));
  }
  return { placed, report: boot.report };
}
