import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Machines } from '../../../../runtime/contract/machines.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { askForVariables, readMachines, setGivenVariables } from '../../../../runtime/engine/media-variables.ts';
import { MOUNTED_FILES } from '../../../../runtime/platform/mounted-files.ts';
import type { Medium } from '../../../../runtime/platform/platform.ts';
import { Answers } from '../../../helpers/asking.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { aManifest } from '../../../helpers/manifest.ts';

const MACHINES = Machines.parse({
  formatVersion: 1,
  collections: [{ name: 'all', variables: { Site: 'collection', Room: 'collection', Desk: 'collection' } }],
  machines: [{ match: { serial: 'SN1' }, variables: { Site: 'computer', Room: 'computer', Password: 'x' } }],
});

function given(media: { name: string; value?: string; secret: boolean }[]): Variables {
  const variables = new Variables();
  setGivenVariables(variables, MACHINES, aMachine(), media);
  return variables;
}

describe('what the medium gives', () => {
  it('wins over the computer, which wins over its collections', () => {
    const variables = given([{ name: 'site', value: 'media', secret: false }]);
    expect(['Site', 'Room', 'Desk'].map((name) => variables.get(name))).toEqual(['media', 'computer', 'collection']);
  });

  it('is secret where the medium says so, wherever the value is from', () => {
    expect(given([{ name: 'PASSWORD', secret: true }]).isSecret('Password')).toBe(true);
  });
});

describe('variables without a value', () => {
  const media = [
    { name: 'Site', secret: false },
    { name: 'AdminPassword', secret: true },
    { name: 'Owner', secret: false },
  ];

  it('become questions, unless the machines file gives them', async () => {
    const ask = new Answers('correct horse', '');
    const variables = given(media);
    await askForVariables(variables, media, ask);
    expect(ask.asked).toEqual([
      ['Value of the variable AdminPassword', { secret: true }],
      ['Value of the variable Owner', { secret: false }],
    ]);
    expect(variables.get('AdminPassword')).toBe('correct horse');
    expect(variables.secrets()).toEqual(['correct horse']);
    expect(variables.get('Owner')).toBeUndefined();
  });

  it('are named where nobody is there', async () => {
    await expect(askForVariables(given(media), media, undefined)).rejects.toMatchObject({
      code: 'MEDIUM_INVALID',
      message: 'nobody is there to give a value to AdminPassword, Owner',
    });
  });
});

describe('the machines file', () => {
  const medium = (machines?: string): Medium => ({
    ...{ root: '/', device: 'D:', disk: '', launchMode: 'UFD' },
    manifest: { ...aManifest({}), ...(machines !== undefined && { machines }) },
  });
  const read = (text: string, path?: string) =>
    readMachines(
      medium(path),
      { ...MOUNTED_FILES, readMediumFile: () => Readable.from([Buffer.from(text)]) },
      new AbortController().signal,
    );

  it('is read from the medium, and may be absent', async () => {
    expect(await read(JSON.stringify(MACHINES), 'mediasmith/machines.json')).toEqual(MACHINES);
    expect(await read('')).toMatchObject({ machines: [], collections: [] });
  });

  it('of a later version, or damaged, is named', async () => {
    for (const text of ['{"formatVersion":2}', '{']) {
      await expect(read(text, 'mediasmith/machines.json')).rejects.toMatchObject({
        code: 'MEDIUM_CORRUPT',
        where: 'mediasmith/machines.json',
      });
    }
  });
});
