import { RunResult, windowsResultPath } from '../contract/results.ts';
import type { Platform, TargetVolume } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import { messageOf } from './report-failure.ts';

type Log = (level: 'info' | 'warning', message: string) => void;

/** What the Windows volumes of this machine remember of runs of these sequences. A result that cannot be read is none. */
export async function earlierResults(
  platform: Platform,
  sequences: readonly Sequence[],
  log: Log,
): Promise<RunResult[]> {
  if (sequences.length === 0) return [];
  const results: RunResult[] = [];
  for (const windows of await windowsVolumes(platform, log)) {
    try {
      await using volume = await platform.mount(windows, 'read');
      for (const { id } of sequences) {
        const result = parseResult(await volume.files.read(windowsResultPath(id)));
        if (result !== undefined) results.push(result);
      }
    } catch (error) {
      log('warning', `what ${windows.device} remembers of earlier runs cannot be read: ${messageOf(error)}`);
    }
  }
  return results;
}

function parseResult(bytes: Buffer | undefined): RunResult | undefined {
  if (bytes === undefined) return undefined;
  try {
    return RunResult.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** The volumes with an installed Windows; none where they cannot be looked at. */
export async function windowsVolumes(platform: Platform, log: Log): Promise<TargetVolume[]> {
  try {
    const disks = await platform.installedWindows();
    return disks.flatMap(({ windows }) => (windows === undefined ? [] : [windows]));
  } catch (error) {
    log('warning', `the disks cannot be searched for an installed Windows: ${messageOf(error)}`);
    return [];
  }
}
