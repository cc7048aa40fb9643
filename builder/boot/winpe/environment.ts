import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { parseSize } from '../../../runtime/contract/size.ts';
import { LOADED_DLLS, OPTIONAL_DLLS } from '../../../runtime/native/windows-dlls.ts';
import { parsePublicKey, publicKeyFile } from '../../../runtime/seal/minisign.ts';
import { contentKey } from '../../cached-folder.ts';
import type { ScratchSpace } from '../../config/schema.ts';
import { hashFile } from '../../hash.ts';
import { fromFile, fromText, type MediaTree } from '../../media-tree.ts';
import { nameBootImage } from '../../medium-identity.ts';
import { readPeFile } from '../../pe/pe-file.ts';
import { windowsBootArgv } from '../../tools/xorriso.ts';
import type { BootContext, BootEnvironment, BootedMedium, BootMedium } from '../boot-environment.ts';
import { type GrubPackage, prepareGrub } from '../linux/grub-package.ts';
import { BOOTMGR_RECIPE, stickBiosFiles } from '../linux/stick-files.ts';
import { type BootImageReport, customiseBootImage } from './customise.ts';
import { type GatheredBootFiles, gatherBootFiles } from './gather-boot-files.ts';
import { fingerprintMedia } from './media-boot-files.ts';
import type { ResolvedWinpe } from './resolved-winpe.ts';
import { signingInWords, signingWarnings } from './signing.ts';
import { prepareWindowsRuntime, type WindowsRuntime, type WindowsRuntimeOptions } from './windows-runtime.ts';

const MIB = 1024 ** 2;
/** What the runtime's WinPE platform cannot do without. */
const NEEDED_TOOLS = ['diskpart', 'dism', 'bcdboot', 'bcdedit', 'wpeutil'];
/** Where bootmgr's configuration on Microsoft's media looks for it. */
const BOOT_WIM = 'sources/boot.wim';

/** The user's WinPE as a boot environment. */
export async function winpeEnvironment(
  winpe: ResolvedWinpe,
  options: Omit<WindowsRuntimeOptions, 'architecture'>,
): Promise<BootEnvironment> {
  const { architecture } = winpe.options;
  const runtime = await prepareWindowsRuntime({ ...options, architecture });
  // No machine of another architecture has a BIOS.
  const grub = architecture === 'x64' ? await prepareGrub(options) : undefined;
  const key = await keyOf(winpe, runtime, grub);
  return { key, forMedium: (medium, context) => makeBootMedium(winpe, { key, runtime, grub }, medium, context) };
}

/** Everything but where sources lie and when they were read. */
async function keyOf(winpe: ResolvedWinpe, runtime: WindowsRuntime, grub: GrubPackage | undefined): Promise<string> {
  const { options, fingerprint, index, media, drivers, files } = winpe;
  const { pressAnyKey, scratchSpace, background, keyboardLayout, commandPrompt, rebuild } = options;
  return contentKey([
    runtime.key,
    fingerprint,
    index,
    await fingerprintMedia(media),
    [pressAnyKey, scratchSpace, keyboardLayout, commandPrompt, rebuild],
    background === undefined ? undefined : await hashFile(background),
    [...drivers, ...(files === undefined ? [] : [files])].map((item) => [item.name, item.fingerprint]),
    grub === undefined ? undefined : [grub.notice, BOOTMGR_RECIPE],
  ]);
}

async function makeBootMedium(
  winpe: ResolvedWinpe,
  { key, runtime, grub }: { key: string; runtime: WindowsRuntime; grub: GrubPackage | undefined },
  medium: BootedMedium,
  context: BootContext,
): Promise<BootMedium> {
  const { signing, publicKey } = medium;
  const image = nameBootImage([key, signing, publicKey]);
  // Boot files first: what is missing among them must not cost the making of the image.
  const boot = await gatherBootFiles(winpe, { signing, time: image.time }, context);
  for (const file of boot.signings) log(context, signingInWords(file));
  const wim = join(context.workspace, 'boot.wim');
  await copyFile(winpe.file, wim, constants.COPYFILE_FICLONE);
  const report = await customise(winpe, runtime, { image, publicKey }, wim, context);
  const tree: MediaTree = new Map([...boot.tree, [BOOT_WIM, fromFile(wim)]]);
  const facts = {
    kind: 'winpe',
    architecture: winpe.options.architecture,
    signing: boot.set,
    ...(signing !== undefined && { asked: signing }),
    ...report,
    packages: [...runtime.notices, ...(grub === undefined ? [] : [grub.notice])],
  };
  tree.set(MEDIUM_PATHS.bootPackages, fromText(`${JSON.stringify(facts, null, 2)}\n`));
  if (grub !== undefined) for (const [path, source] of await grubFiles(grub, medium, context)) tree.set(path, source);
  if (publicKey !== undefined) tree.set(MEDIUM_PATHS.publicKey, fromText(publicKeyFile(parsePublicKey(publicKey))));
  return {
    tree,
    bootImage: image.id,
    report: { lines: reportLines(report, boot), facts },
    isoBoot: async () => ({ argv: windowsBootArgv(boot.elTorito), files: new Map() }),
    pxeBoot: async () => ({ kind: 'winpe' }),
  };
}

async function grubFiles(
  { root, notice, licence }: GrubPackage,
  { id }: BootedMedium,
  { exec, workspace }: BootContext,
): Promise<MediaTree> {
  const files = await stickBiosFiles({ root, mediumId: id, start: 'bootmgr', workspace }, exec);
  return files.set(`${MEDIUM_PATHS.licences}/${notice.name}.txt`, fromFile(licence));
}

async function customise(
  { options, name, index, drivers }: ResolvedWinpe,
  runtime: WindowsRuntime,
  { image, publicKey }: { image: ReturnType<typeof nameBootImage>; publicKey: string | undefined },
  wim: string,
  context: BootContext,
): Promise<BootImageReport> {
  const { scratchSpace, files, background, keyboardLayout, commandPrompt, rebuild } = options;
  const workspace = join(context.workspace, 'boot-image');
  await mkdir(workspace);
  const report = await customiseBootImage(
    {
      wim,
      source: name,
      index,
      rebuild,
      executable: runtime.executable,
      architecture: runtime.architecture,
      imports: [...(await readPeFile(runtime.executable)).imports, ...LOADED_DLLS],
      bootImage: image.id,
      publicKey,
      identityTime: image.time,
      drivers: drivers.map(({ name, folder }) => ({ name, folder })),
      commandPrompt,
      workspace,
      signal: context.signal,
      onProgress: ({ doneBytes, totalBytes }) =>
        context.emit({
          event: 'progress',
          title: `Adding to ${options.source}`,
          done: doneBytes,
          total: totalBytes,
          unit: 'bytes',
        }),
      ...(scratchSpace !== undefined && { scratchSpaceMiB: (parseSize(scratchSpace) / MIB) as ScratchSpace }),
      ...(files !== undefined && { files }),
      ...(background !== undefined && { background }),
      ...(keyboardLayout !== undefined && { keyboardLayout }),
    },
    context.exec,
  );
  for (const path of report.added) log(context, `added ${path}`);
  for (const [from, to] of report.renamed) log(context, `renamed ${from} to ${to}, so that it does not start`);
  return report;
}

function reportLines(report: BootImageReport, boot: GatheredBootFiles): string[] {
  const { image, components, added, renamed } = report;
  const missingTools = NEEDED_TOOLS.filter((tool) => !report.tools.includes(tool));
  return [
    `${image.name}, ${image.architecture}, ${image.version || 'no version'}, ${image.languages.join(' ') || 'no language'}`,
    `boot files: ${boot.set}`,
    ...signingWarnings(boot.signings).map((line) => `WARNING: ${line}`),
    ...(boot.newerLacks.length === 0 ? [] : [`  not 2023, because the source lacks ${boot.newerLacks.join(', ')}`]),
    `components: ${components.join(', ') || 'none'}`,
    ...(missingTools.length === 0 ? [] : [`WARNING: it lacks ${missingTools.join(', ')}, which deployments need`]),
    ...report.missingDlls.map((name) => `WARNING: it lacks ${name}: ${OPTIONAL_DLLS[name]}`),
    ...added.map((path) => `added ${path}`),
    ...renamed.map(([from, to]) => `renamed ${from} to ${to}`),
  ];
}

function log({ emit }: BootContext, message: string): void {
  emit({ event: 'log', level: 'info', component: 'boot-image', message });
}
