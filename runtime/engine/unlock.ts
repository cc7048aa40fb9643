import { MediasmithError } from '../contract/errors.ts';
import { MEDIUM_PATHS } from '../contract/manifest.ts';
import type { Medium } from '../platform/platform.ts';
import { openContent, openIdentity, type SealedContent } from '../seal/sealed-content.ts';
import type { Ask } from '../steps/context.ts';
import { keptIdentity } from './kept-identity.ts';
import type { Start } from './medium-run.ts';
import { announced } from './questions.ts';
import { readWhole } from './read-whole.ts';
import { memoriesLeft } from './states-left.ts';

/** A sealed medium that was opened. `kept`: by what an earlier run has left, which is good for going on with it only. */
export type Unlocked = { identity: string; content: SealedContent; kept: boolean };

/** Opens a sealed medium: by what a run that was begun on this machine has kept, else by its password. */
export async function unlock(medium: Medium, start: Start): Promise<Unlocked> {
  for (const memory of await memoriesLeft(medium.manifest.id, start)) {
    const identity = keptIdentity(memory, medium.manifest);
    const content = identity === undefined ? undefined : await read(medium, identity, start);
    if (identity !== undefined && content !== undefined) return { identity, content, kept: true };
  }
  return unlockByPassword(medium, start);
}

const LONGEST_WAIT = 60;

/**
 * Asks until the password is right: on an unattended medium too, as ConfigMgr does. Each wrong one costs the time of
 * scrypt and a wait that doubles. `ANSWER_MISSING` where there is no console.
 */
export async function unlockByPassword(medium: Medium, start: Start): Promise<Unlocked> {
  const ask = start.ask === undefined ? undefined : announced(start.ask, start.emit, start.hide);
  if (ask === undefined) {
    throw new MediasmithError('ANSWER_MISSING', 'the medium has a password, and there is no console to type it at', {
      hint: 'Start the machine with a screen and a keyboard, or with a serial console. Nothing was changed.',
    });
  }
  const file = await readWhole(medium, MEDIUM_PATHS.identity, start);
  for (let seconds = 1; ; seconds = Math.min(2 * seconds, LONGEST_WAIT)) {
    const identity = await whole(MEDIUM_PATHS.identity, openIdentity(file, await typed(ask)));
    const content = identity === undefined ? undefined : await read(medium, identity, start);
    if (identity !== undefined && content !== undefined) return { identity, content, kept: false };
    if (identity !== undefined) throw damaged(MEDIUM_PATHS.sealed);
    start.log('warning', `The password is wrong. The next one can be typed in ${seconds} s.`);
    await start.wait(seconds, start.signal);
  }
}

async function typed(ask: Ask): Promise<string> {
  for (;;) {
    const password = await ask.text('Password of the medium', { secret: true });
    if (password !== '') return password;
  }
}

/** Whatever happens next: neither the identity nor a secret value is shown. */
async function read(medium: Medium, identity: string, start: Start): Promise<SealedContent | undefined> {
  start.newVariables().keepSecret(identity);
  const file = await readWhole(medium, MEDIUM_PATHS.sealed, start);
  return whole(MEDIUM_PATHS.sealed, openContent(file, identity));
}

async function whole<T>(path: string, opening: Promise<T>): Promise<T> {
  return opening.catch((cause: unknown) => {
    throw damaged(path, cause);
  });
}

function damaged(path: string, cause?: unknown): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `${path} cannot be opened`, {
    where: path,
    hint: 'Nothing on this machine was changed. Make the medium again.',
    ...(cause !== undefined && { cause }),
  });
}
