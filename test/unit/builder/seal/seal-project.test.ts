import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AMERICAN_LETTERS } from '../../../../builder/boot/linux/keyboard/keymap.ts';
import type { MediaProject } from '../../../../builder/config/load.ts';
import { refuseUntypable } from '../../../../builder/seal/refuse-untypable.ts';
import { readPassword, sealProject } from '../../../../builder/seal/seal-project.ts';
import { openContent, openIdentity } from '../../../../runtime/seal/sealed-content.ts';
import { aProject } from '../../../helpers/project.ts';
import { CHEAP, PASSWORD } from '../../../helpers/sealed-medium.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

async function projectWith(password: string, more: Partial<MediaProject> = {}) {
  const folder = await temporaryFolder();
  await writeFiles(folder, { password: `${password}\n` });
  return aProject(() => ({
    password: { file: join(folder, 'password') },
    variables: [{ name: 'Pin', value: '4711', secret: true }],
    preferredSequence: 'a',
    ...more,
  }));
}

describe('the seal of a project', () => {
  it('holds sequences, variables and the preferred sequence', async () => {
    const project = await projectWith(PASSWORD);
    const seal = await sealProject(project, PASSWORD, CHEAP);
    const identity = await openIdentity(Buffer.from(seal.identity), PASSWORD);
    expect(await openContent(Buffer.from(seal.sealed), identity ?? '')).toEqual({
      formatVersion: 1,
      sequences: [{ id: 'a', name: 'A', document: project.sequences[0]?.sequence }],
      variables: [{ name: 'Pin', value: '4711', secret: true }],
      preferredSequence: 'a',
    });
  });

  it('has a key of its own in each build', async () => {
    const project = await projectWith(PASSWORD);
    const seals = [await sealProject(project, PASSWORD, CHEAP), await sealProject(project, PASSWORD, CHEAP)];
    const keys = seals.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('a password', () => {
  it.each([
    ['1234567', 'the password has fewer than 8 characters'],
    ['äöüß123', 'the password has fewer than 8 characters'],
    ['a\u0308o\u0308u\u0308ß1', 'the password has fewer than 8 characters'],
    ['12345678\t', 'the password has control characters, which nobody can type'],
  ])('%j is refused, and not shown', async (password, message) => {
    const project = await projectWith(password);
    const error = await readPassword(project).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PROJECT_INVALID', message, where: project.file });
    expect(JSON.stringify(error)).not.toContain(password);
  });

  it('is the first line of its file, and there is none where none is asked for', async () => {
    expect(await readPassword(await projectWith('Straßenbahn 19'))).toBe('Straßenbahn 19');
    expect(await readPassword(await aProject())).toBeUndefined();
  });

  it('is refused by the places of the letters that the American keyboard lacks, with the way out', () => {
    const american = { letters: AMERICAN_LETTERS, name: undefined };
    expect(() => refuseUntypable('Straßenbahn 19', american, 'media.yaml')).toThrow(
      expect.objectContaining({
        code: 'PROJECT_INVALID',
        message: 'character 5 of the password is not on the American keyboard of the medium',
        hint: expect.stringContaining('keyboardLayout: de-DE'),
        where: 'media.yaml',
      }),
    );
    expect(() => refuseUntypable(' !"~azAZ09\\', american, '')).not.toThrow();
  });

  it('is refused by the places of the letters that the keyboard of the medium lacks', () => {
    const german = { letters: new Set([...AMERICAN_LETTERS, 'ü', 'ß']), name: 'de-DE' };
    expect(() => refuseUntypable('züschłoßЖ', german, '')).toThrow(
      'characters 6, 9 of the password are not on the keyboard de-DE of the medium',
    );
    expect(() => refuseUntypable('zu\u0308chtig groß', german, '')).not.toThrow();
  });
});
