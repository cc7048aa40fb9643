import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Emit } from '../runtime/contract/events.ts';
import { VERSION } from '../runtime/contract/version.ts';
import type { Exec } from '../runtime/host/exec.ts';
import type { BootEnvironment, BootMedium } from './boot/boot-environment.ts';
import { linuxEnvironment } from './boot/linux/environment.ts';
import { winpeEnvironment } from './boot/winpe/environment.ts';
import type { MediaProject } from './config/load.ts';
import { outputPath } from './config/schema.ts';
import { fingerprintFile } from './fingerprint.ts';
import { type MediumNames, nameMedium } from './medium-identity.ts';
import { needsNetwork } from './needs-network.ts';
import { outputFile, type Variant } from './output-files.ts';
import type { MediaPlan } from './plan/plan.ts';
import { refuseUntypable } from './seal/refuse-untypable.ts';
import { type ProjectSeal, readPassword, sealProject } from './seal/seal-project.ts';
import { openSigner, type Signer } from './signing/signer.ts';
import type { SourceMemory } from './source-memory.ts';
import { refuseWithoutSpace } from './space.ts';
import { captureContent } from './stages/capture-content.ts';
import { exportImages } from './stages/export-images.ts';
import { layOutMedium } from './stages/lay-out-medium.ts';
import { makeWindowsRuntimes } from './stages/make-windows-runtimes.ts';
import { runStage, type StageContext } from './stages/stage.ts';
import { type PlacedOutput, type WrittenOutput, writeOutput } from './stages/write-output.ts';
import { together } from './together.ts';
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

type BootedVariant = { variant: Variant; names: MediumNames; boot: BootMedium };

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
  const signer = await openSigner(project.signing);
  const password = await readPassword(project);
  const [first] = project.outputs;
  if (first === undefined) throw new Error('a plan without outputs');
  await using workspace = await openWorkspace(dirname(outputPath(first)));
  const context: StageContext = { ...options, emit, workspace: workspace.folder };
  const stage = stageRunner(plan, emit, options.signal);

  const { environment, runtimes } = await stage(async () => ({
    environment: await prepareEnvironment(plan, { ...options, emit }),
    runtimes: await makeWindowsRuntimes(plan.runtimes, { ...options, emit }),
  }));
  const seal = password === undefined ? undefined : await sealFor(project, password, environment);
  const { packages, variants, wims } = plan;
  const content = packages.length === 0 ? [] : await stage(() => captureContent(packages, plan.content, context));
  const contentKeys = await Promise.all(content.map(({ file }) => fingerprintFile(file)));
  const made = [
    environment.key,
    contentKeys.join(''),
    ...runtimes.keys,
    ...(seal === undefined ? [] : [seal.key]),
    signer?.publicKey.line ?? '',
  ];
  const makeBoots = async (within: StageContext): Promise<BootedVariant[]> => {
    const booted: BootedVariant[] = [];
    for (const variant of variants) {
      const names = nameMedium(plan, variant, made, VERSION);
      booted.push({ variant, names, boot: await makeBoot(plan, { variant, names, signer }, environment, within) });
    }
    return booted;
  };
  const makeImages = () =>
    together(options.signal, (signal) => [
      makeBoots({ ...context, signal }),
      exportImages(wims, { ...context, signal }),
    ]);
  const works = project.bootEnvironment === 'winpe' || wims.some(({ how, split }) => how !== 'in place' || split);
  const [booted, wimFiles] = works ? await stage(makeImages) : await makeImages();
  await using workspaces = new AsyncDisposableStack();
  const placed: PlacedOutput[] = [];
  for (const { variant, names, boot } of booted) {
    const { tree, draft } = await layOutMedium({ plan, names, boot, wimFiles, content, runtimes, seal });
    const medium = { tree, draft, boot, identity: names.iso, label: project.label, signer };
    for (const output of project.outputs) {
      const path = outputFile(output, variant, project);
      // Each beside its final name, so that giving it that name is one step.
      const beside = workspaces.use(await openWorkspace(dirname(path)));
      placed.push(await stage(() => writeOutput(medium, output, path, { ...context, workspace: beside.folder })));
    }
  }
  options.signal.throwIfAborted();
  const outputs: WrittenOutput[] = [];
  for (const output of placed) outputs.push(...(await output.place()));
  return { outputs, boot: booted.map(({ boot }) => boot.report), stages };
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

/** What the password protects, when it can be typed where the medium asks for it. */
function sealFor(project: MediaProject, password: string, { letters }: BootEnvironment): Promise<ProjectSeal> {
  if (letters !== undefined) refuseUntypable(password, { letters, name: project.keyboardLayout }, project.file);
  return sealProject(project, password);
}

function prepareEnvironment({ resolved }: MediaPlan, options: BuildOptions): Promise<BootEnvironment> {
  const { cacheFolder, exec, emit, signal } = options;
  const common = { cacheFolder, exec, emit, signal };
  if (resolved.winpe !== undefined) return winpeEnvironment(resolved.winpe, common);
  const keyboard = resolved.project.keyboardLayout;
  return linuxEnvironment({ ...common, refresh: options.refreshBootEnvironment ?? false, keyboard });
}

/** What one medium starts. */
async function makeBoot(
  { resolved: { project } }: MediaPlan,
  { variant, names, signer }: Omit<BootedVariant, 'boot'> & { signer: Signer | undefined },
  environment: BootEnvironment,
  context: StageContext,
): Promise<BootMedium> {
  const workspace = join(context.workspace, `boot-${variant.signing ?? 'medium'}`);
  await mkdir(workspace);
  // The boot menu is read by anybody: a sealed medium's has one entry, behind which the password is asked for.
  const sequences = (project.password === undefined ? project.sequences : [])
    .filter(({ sequence: { startsIn } }) => startsIn !== 'full-os')
    .map(({ sequence: { id, name } }) => ({ id, title: name }));
  const medium = {
    id: names.id,
    identity: names.iso,
    sequences,
    signing: variant.signing,
    publicKey: signer?.publicKey.line,
    network: needsNetwork(project),
  };
  return environment.forMedium(medium, { ...context, workspace });
}
