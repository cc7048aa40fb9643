import { describe, expect, it } from 'vitest';
import {
  giveBackScript,
  identityScript,
  type MediumVolume,
  mediumVolumesScript,
  takeOverScript,
} from '../../../../../runtime/platform/winpe/diskpart.ts';

const MIB = 1024 ** 2;
const DATA: MediumVolume = {
  role: 'data',
  fileSystem: 'exfat',
  label: 'Größe und mehr',
  startBytes: 39_000 * MIB,
  bytes: 1000 * MIB,
  letter: 'Z',
};
const BOOT: MediumVolume = {
  ...DATA,
  role: 'boot',
  fileSystem: 'fat32',
  startBytes: 40_000 * MIB,
  bytes: 300 * MIB,
  letter: 'Y',
};

const text = (script: string): string => script.replaceAll('\r\n', '\n');

describe('the volumes of a medium', () => {
  it('on a GPT disk: firmware starts the one of type EFI', () => {
    expect(text(mediumVolumesScript(0, 'gpt', [DATA, BOOT]))).toMatchInlineSnapshot(`
      "rescan
      select disk 0
      create partition primary size=1000 offset=39936000
      format quick fs=exfat label="Gr__e und m"
      assign letter=Z
      create partition efi size=300 offset=40960000
      format quick fs=fat32 label="GR__E_UND_M"
      assign letter=Y
      "
    `);
  });

  it('on an MBR disk, and one alone', () => {
    const script = text(mediumVolumesScript(0, 'mbr', [{ ...BOOT, role: 'data' }]));
    expect(script).toMatchInlineSnapshot(`
      "rescan
      select disk 0
      create partition primary size=300 offset=40960000
      format quick fs=fat32 label="GR__E_UND_M"
      assign letter=Y
      "
    `);
  });
});

describe('a copy takes the place of the medium', () => {
  it('on a GPT disk, the partitions from the last on', () => {
    const script = takeOverScript(0, { active: undefined, old: [1, 2], letters: { medium: 'D', now: 'Z' } });
    expect(text(script)).toMatchInlineSnapshot(`
      "select disk 0
      select volume D
      remove letter=D
      select partition 2
      delete partition override
      select partition 1
      delete partition override
      select volume Z
      remove letter=Z
      assign letter=D
      "
    `);
  });

  it('on an MBR disk, where it is active before the other one goes', () => {
    const script = takeOverScript(0, { active: 4, old: [1], letters: { medium: 'D', now: 'Z' } });
    expect(text(script)).toMatch(/^select disk 0\nselect partition 4\nactive\n[\s\S]*delete partition override/);
  });
});

describe('the room is given back', () => {
  it('with the medium still there', () => {
    expect(text(giveBackScript(0, [5, 6], 3, 1300))).toMatchInlineSnapshot(`
      "select disk 0
      select partition 6
      delete partition override
      select partition 5
      delete partition override
      select partition 3
      extend size=1300
      "
    `);
  });

  it('after a cut, when all partitions are as they should be', () => {
    expect(text(giveBackScript(0, [], 3, 0))).toMatchInlineSnapshot(`
      "select disk 0
      select partition 3
      extend filesystem noerr
      "
    `);
  });
});

it('a disk gets its identity without being cleaned', () => {
  expect(identityScript(2, 'AB')).toBe('select disk 2\r\nuniqueid disk id=AB noerr\r\n');
});
