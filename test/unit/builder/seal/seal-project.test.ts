import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MediaProject } from '../../../../builder/config/load.ts';
import { sealProject } from '../../../../builder/seal/seal-project.ts';
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
    const seal = await sealProject(project, CHEAP);
    const identity = await openIdentity(seal?.identity ?? Buffer.alloc(0), PASSWORD);
    expect(await openContent(seal?.sealed ?? Buffer.alloc(0), identity ?? '')).toEqual({
      formatVersion: 1,
      sequences: [{ id: 'a', name: 'A', document: project.sequences[0]?.sequence }],
      variables: [{ name: 'Pin', value: '4711', secret: true }],
      preferredSequence: 'a',
    });
  });

  it('has a key of its own in each build', async () => {
    const project = await projectWith(PASSWORD);
    const keys = [await sealProject(project, CHEAP), await sealProject(project, CHEAP)].map((seal) => seal?.key);
    expect(new Set(keys).size).toBe(2);
  });

  it('is not there without a password', async () => {
    expect(await sealProject(await aProject())).toBeUndefined();
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
    const error = await sealProject(project, CHEAP).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PROJECT_INVALID', message, where: project.file });
    expect(JSON.stringify(error)).not.toContain(password);
  });

  it('must be one that the American keyboard has where Linux asks for it, and only there', async () => {
    const password = 'Straßenbahn 19';
    await expect(sealProject(await projectWith(password), CHEAP)).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: expect.stringContaining('its keyboard is American'),
    });
    const seal = await sealProject(await projectWith(password, { bootEnvironment: 'winpe' }), CHEAP);
    expect(await openIdentity(seal?.identity ?? Buffer.alloc(0), password)).toMatch(/^AGE-SECRET-KEY/);
  });
});
