import { MediasmithError } from '../contract/errors.ts';
import { type Manifest, type ManifestFile, MEDIUM_PATHS } from '../contract/manifest.ts';
import type { Medium, MountedMedium } from '../platform/platform.ts';
import { checkValidity } from './check-validity.ts';
import { filesBeside } from './files-beside.ts';
import type { Start } from './medium-run.ts';
import { openContent } from './open-content.ts';
import { progressReporter } from './progress-reporter.ts';
import { optionsToResume } from './resume-only.ts';
import { readManifest, verifyFiles } from './verify-medium.ts';

export type FoundMedium = {
  medium: Medium;
  sequenceId: string | undefined;
  /** Nobody is asked anything. */
  unattended: boolean;
};

/**
 * Finds the medium this machine was started from and verifies it, as far as that is done before anything is chosen; where
 * it is bootable only, the medium it names as its content as well. A start that is to go on with a run finds the medium
 * of that run; undefined where there is none.
 */
export async function findMedium(run: Start): Promise<FoundMedium | undefined> {
  const { platform, emit, signal } = run;
  emit({ event: 'phase', phase: 'medium' });
  await platform.prepare((level, message) => emit({ event: 'log', level, component: 'platform', message }));
  const options = run.resume ? await optionsToResume(run) : await platform.bootOptions(signal);
  if (options === undefined) return undefined;
  const { mediumId, sequenceId } = options;
  const mounted = await platform.findMedium(mediumId, signal);
  emit({ event: 'medium-found', id: mediumId, device: mounted.device });
  const medium = await readMedium(run, mounted);
  const { contentFrom, unattended } = medium.manifest;
  if (contentFrom === undefined) return { medium, sequenceId, unattended };
  const content = await readMedium(run, await openContent(run, medium, contentFrom));
  refuseBootable(content);
  return { medium: content, sequenceId, unattended: unattended || content.manifest.unattended };
}

/** Verifies what is read before anything is chosen. */
async function readMedium(run: Start, mounted: MountedMedium): Promise<Medium> {
  const { platform, emit } = run;
  emit({ event: 'phase', phase: 'verify' });
  const publicKey = await platform.trustedKey();
  const manifest = await readManifest(mounted.root, { publicKey, log: (message) => run.log('info', message) });
  await checkValidity(manifest, run);
  const medium: Medium = { ...mounted, manifest };
  const files = platform.filesToVerify(await filesBeside(mounted.root, manifest.files));
  await verifyMedium(run, medium, [...files, ...filesReadFirst(manifest).filter((file) => !files.includes(file))]);
  return medium;
}

function refuseBootable({ manifest, device }: Medium): void {
  if (manifest.contentFrom === undefined) return;
  throw new MediasmithError('MEDIUM_INVALID', `what lies in ${device} only starts a machine, and has no content`, {
    where: device,
    hint: 'Put a whole medium there: what the output pxe has written, or the files of an ISO.',
  });
}

/** What is read before a sequence is chosen. */
function filesReadFirst({ files, machines, sealed }: Manifest): ManifestFile[] {
  const paths = [machines, ...(sealed === true ? [MEDIUM_PATHS.identity, MEDIUM_PATHS.sealed] : [])];
  return files.filter(({ path }) => paths.includes(path));
}

export async function verifyMedium(
  { platform, emit, signal }: Start,
  medium: Medium,
  files: readonly ManifestFile[],
): Promise<void> {
  const onProgress = progressReporter(emit, 'Verifying the medium');
  await verifyFiles((path, stop) => platform.readMediumFile(medium, path, stop), files, { signal, onProgress });
}
