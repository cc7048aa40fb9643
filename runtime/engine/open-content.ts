import { type ContentFrom, type ContentPlace, contentPlace, placeInWords } from '../contract/content-from.ts';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import { manifestIdAt } from '../platform/manifest-id.ts';
import type { Medium, MountedMedium } from '../platform/platform.ts';
import type { Start } from './medium-run.ts';
import { announced } from './questions.ts';

const LONGEST_WAIT = 60;

/**
 * Opens what a bootable medium names as its content. Its id is not asked for: the content may be built anew while the
 * sticks stay. What makes it trustworthy is a signature, where the boot environment has a key. The machine counts as
 * started from the bootable medium.
 */
export async function openContent(start: Start, bootable: Medium, from: ContentFrom): Promise<MountedMedium> {
  const { emit, log } = start;
  const place = contentPlace(from);
  emit({ event: 'phase', phase: 'medium' });
  log('info', `the medium only starts the machine: sequences and content come from ${placeInWords(place)}`);
  const opened = await openPlace(start, bootable, place);
  const id = await manifestIdAt(opened.root);
  if (id === undefined) throw noMedium(place);
  emit({ event: 'medium-found', id, device: opened.device });
  return { ...opened, launchMode: bootable.launchMode, startedFrom: bootable };
}

/** Asks for the password of a share until it is right; each wrong one costs a wait that doubles. */
async function openPlace(start: Start, bootable: Medium, place: ContentPlace): Promise<MountedMedium> {
  const { platform, signal, log, wait } = start;
  if (place.kind !== 'share' || place.user === undefined) return platform.openContent(place, { signal });
  for (let seconds = 1; ; seconds = Math.min(2 * seconds, LONGEST_WAIT)) {
    const password = await askForPassword(start, bootable, `${place.user} on ${placeInWords(place)}`);
    try {
      return await platform.openContent(place, { password, signal });
    } catch (error) {
      if (!isMediasmithError(error) || error.code !== 'PASSWORD_WRONG') throw error;
      log('warning', `${error.message}. The next password can be typed in ${seconds} s.`);
      await wait(seconds, signal);
    }
  }
}

/** Kept secret in everything that is shown or written from now on. */
async function askForPassword(start: Start, { manifest }: Medium, whose: string): Promise<string> {
  if (manifest.unattended || start.ask === undefined) {
    throw new MediasmithError('ANSWER_MISSING', `nobody can be asked for the password of ${whose}`, {
      hint: 'Start the machine with a screen and a keyboard, or with a serial console. Nothing was changed.',
    });
  }
  const password = await announced(start.ask, start.emit, start.hide).text(`Password of ${whose}`, { secret: true });
  start.newVariables().keepSecret(password);
  return password;
}

function noMedium(place: ContentPlace): MediasmithError {
  const where = placeInWords(place);
  return new MediasmithError('MEDIUM_NOT_FOUND', `there is no medium in ${where}`, {
    where,
    hint: 'It must have the file mediasmith/manifest.json: put what the output pxe has written there, or the files of an ISO.',
  });
}
