import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { MEDIUM_PATHS } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { nobody } from '../../../helpers/asking.ts';
import { IMAGE, MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { note, scriptedExec } from '../../../helpers/run.ts';
import { aSigner, forgeManifest, signMedium } from '../../../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const SEQUENCE = { formatVersion: 2, id: 'a', name: 'A', onFailure: 'shutdown', steps: [note('done')] };
const SIGNATURE = MEDIUM_PATHS.manifestSignature;

/** Starts from a signed medium, after it was harmed. */
async function start(harm: (root: string) => Promise<unknown>, trusted: number | null = 1) {
  const folder = await temporaryFolder();
  const root = join(folder, 'medium');
  await writeFakeMedium(folder, [SEQUENCE]);
  await signMedium(root, await aSigner());
  await harm(root);
  const platform = new FakePlatform(folder);
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: 'a' };
  platform.publicKey = trusted === null ? undefined : (await aSigner(trusted)).publicKey.line;
  const events: RunEvent[] = [];
  const ran: string[] = [];
  await runMedium({
    platform,
    exec: scriptedExec(ran),
    ask: nobody,
    logFile: join(folder, 'smsts.log'),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    wait: async () => undefined,
  });
  const logged = events.flatMap((event) => (event.event === 'log' ? [event.message] : []));
  return { ran, logged, events, finished: events.at(-1) };
}

it('starts from a medium that the trusted key has signed, and says so', async () => {
  const { ran, logged } = await start(async () => undefined);
  expect(ran).toEqual(['note done']);
  expect(logged).toContain('the medium is signed with the key 0202020202020202: mediasmith a-medium');
});

it.each<[string, (root: string) => Promise<unknown>, string]>([
  ['is not signed', (root) => rm(join(root, SIGNATURE)), 'is not signed'],
  ['has an empty signature', (root) => writeFile(join(root, SIGNATURE), ''), 'is not the one that was signed'],
  [
    'was signed by somebody else',
    async (root) => signMedium(root, await aSigner(2)),
    'is not the one that was signed: it was signed with another key: 0303030303030303, and not 0202020202020202',
  ],
  [
    'has a changed manifest with the right digest',
    (root) => forgeManifest(root, (text) => text.replace('A medium', 'B medium')),
    'is not the one that was signed: its content is not what was signed',
  ],
])('runs nothing from a medium that %s', async (_, harm, message) => {
  const { ran, finished, events } = await start(harm);
  expect(ran).toEqual([]);
  expect(finished).toMatchObject({
    event: 'finished',
    outcome: 'failed',
    code: 'SIGNATURE_INVALID',
    error: expect.stringContaining(`the manifest of this medium ${message}`),
  });
  expect(events).not.toContainEqual(expect.objectContaining({ event: 'phase', phase: 'inventory' }));
});

it('takes nothing from a changed manifest before the signature: not even that it cannot be read', async () => {
  const { finished } = await start((root) => forgeManifest(root, () => '{ "id": "not a manifest" }'));
  expect(finished).toMatchObject({ code: 'SIGNATURE_INVALID' });
});

it('names damage of the manifest before its signature, and that of files after it', async () => {
  const cut = await start((root) => writeFile(join(root, MEDIUM_PATHS.manifest), 'cut'));
  expect(cut.finished).toMatchObject({ code: 'MEDIUM_CORRUPT', error: expect.stringContaining('its digest') });
  const file = await start((root) => writeFiles(root, { [IMAGE.file]: 'an imagE' }));
  expect(file.finished).toMatchObject({ code: 'MEDIUM_CORRUPT', error: expect.stringContaining(IMAGE.file) });
});

it('without a key takes every medium, and says of a signed one that it was not checked', async () => {
  const signed = await start(async () => undefined, null);
  expect(signed.ran).toEqual(['note done']);
  const unchecked = 'the medium is signed, but this environment has no key to hold the signature against';
  expect(signed.logged).toContain(unchecked);
  const plain = await start((root) => rm(join(root, SIGNATURE)), null);
  expect(plain.ran).toEqual(['note done']);
  expect(plain.logged).not.toContain(unchecked);
});
