import { MediasmithError } from '../contract/errors.ts';
import type { Manifest } from '../contract/manifest.ts';
import type { Start } from './medium-run.ts';
import { memoriesLeft } from './states-left.ts';

/**
 * Refuses a medium that may not be used yet, or no longer, by the clock of the machine (`MEDIUM_NOT_VALID`). Not where a
 * run from it waits to be gone on with: a machine that is half deployed when the day comes helps nobody. That the medium
 * begins nothing new is asked again by {@link refuseOutsideValidity} before a sequence is chosen.
 *
 * Linux takes the machine's clock for UTC and Windows PE for the time of its own zone, while Windows sets it to local time:
 * the ends of the window may be off by some hours.
 */
export async function checkValidity(manifest: Manifest, start: Start): Promise<void> {
  if (isValid(manifest, start.now())) return;
  if ((await memoriesLeft(manifest.id, start)).length > 0) return;
  refuseOutsideValidity(manifest, start.now());
}

export function refuseOutsideValidity(manifest: Manifest, now: Date): void {
  if (isValid(manifest, now)) return;
  const { from, until } = manifest.validity ?? {};
  const window = [from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' ');
  throw new MediasmithError(
    'MEDIUM_NOT_VALID',
    `the medium is valid ${window}, and this machine's clock says ${now.toISOString()}`,
    {
      hint: "If the clock is wrong, set it in the firmware's setup and start again. Else use a newer medium. Nothing was changed.",
    },
  );
}

function isValid({ validity: { from, until } = {} }: Manifest, now: Date): boolean {
  return (from === undefined || new Date(from) <= now) && (until === undefined || now <= new Date(until));
}
