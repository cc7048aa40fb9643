import type { Manifest, ManifestFile } from '../contract/manifest.ts';
import type { Medium } from '../platform/platform.ts';
import type { Start } from './medium-run.ts';
import { progressReporter } from './progress-reporter.ts';
import { optionsToResume } from './resume-only.ts';
import { readManifest, verifyFiles } from './verify-medium.ts';

/**
 * Finds the medium this machine was started from and verifies it, as far as that is done before anything is chosen. A
 * start that is to go on with a run finds the medium of that run; undefined where there is none.
 */
export async function findMedium(run: Start): Promise<{ medium: Medium; sequenceId: string | undefined } | undefined> {
  const { platform, emit, signal } = run;
  emit({ event: 'phase', phase: 'medium' });
  await platform.prepare((level, message) => emit({ event: 'log', level, component: 'platform', message }));
  const options = run.resume ? await optionsToResume(run) : await platform.bootOptions();
  if (options === undefined) return undefined;
  const { mediumId, sequenceId } = options;
  const mounted = await platform.findMedium(mediumId, signal);
  emit({ event: 'medium-found', id: mediumId, device: mounted.device });

  emit({ event: 'phase', phase: 'verify' });
  const manifest = await readManifest(mounted.root);
  const medium: Medium = { ...mounted, manifest };
  const files = platform.filesToVerify(manifest.files);
  await verifyMedium(run, medium, [...files, ...machinesFile(manifest).filter((file) => !files.includes(file))]);
  return { medium, sequenceId };
}

/** It is read before a sequence is chosen. */
function machinesFile({ files, machines }: Manifest): ManifestFile[] {
  return files.filter(({ path }) => path === machines);
}

export async function verifyMedium(
  { platform, emit, signal }: Start,
  medium: Medium,
  files: readonly ManifestFile[],
): Promise<void> {
  const onProgress = progressReporter(emit, 'Verifying the medium');
  await verifyFiles((path, stop) => platform.readMediumFile(medium, path, stop), files, { signal, onProgress });
}
