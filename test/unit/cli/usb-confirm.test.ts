import { describe, expect, it } from 'vitest';
import { chooseSticks, type StickNames } from '../../../cli/commands/usb/choose-sticks.ts';
import { confirmDevices } from '../../../cli/commands/usb/confirm.ts';
import type { Prompter } from '../../../cli/commands/usb/prompter.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';
import { devicesOf, type Entry, listing, part, stick } from '../builder/usb/listings.ts';

const { signal } = new AbortController();

/** Types these answers, and keeps what was shown. */
function typist(...answers: string[]): Prompter & { shown: string[]; asked: string[] } {
  const shown: string[] = [];
  const asked: string[] = [];
  return {
    shown,
    asked,
    show: (text) => void shown.push(text),
    input: async (message) => {
      asked.push(message);
      return answers.shift() ?? '';
    },
  };
}

describe('confirmDevices', () => {
  const named = stick('sdb', { serial: 'AB12', children: [part('sdb1', { fstype: 'vfat', label: 'PHOTOS' })] });
  const nameless = stick('sdc', { serial: null });

  it('shows what a stick is and what is on it, and takes its serial', async () => {
    const prompter = typist('AB12');
    await confirmDevices(devicesOf([named]), 'Everything on it will be lost.', prompter);
    expect(prompter.shown.join('')).toBe(
      [
        '/dev/sdb: SanDisk Ultra Fit, 14.5 GB, serial AB12',
        '  /dev/sdb1: vfat "PHOTOS", 954 MB',
        '  Everything on it will be lost.',
        '',
      ].join('\n'),
    );
    expect(prompter.asked).toEqual(['Type the serial of this disk to go on:']);
  });

  it('takes the path of a stick without a serial, and asks once for each stick', async () => {
    const prompter = typist('AB12', '/dev/sdc');
    await confirmDevices(devicesOf([named, nameless]), 'Lost.', prompter);
    expect(prompter.asked).toEqual(['Type the serial of this disk to go on:', 'Type the path of this disk to go on:']);
  });

  it.each(['', 'y', 'yes', 'ab12', 'AB1', 'AB123', '/dev/sdb'])('takes nothing else: "%s"', async (typed) => {
    await expect(confirmDevices(devicesOf([named]), 'Lost.', typist(typed))).rejects.toMatchObject({
      code: 'USAGE',
      where: '/dev/sdb',
    });
  });

  it('stops at the first stick that is not confirmed', async () => {
    const prompter = typist('no');
    await expect(confirmDevices(devicesOf([named, nameless]), 'Lost.', prompter)).rejects.toThrow();
    expect(prompter.asked).toHaveLength(1);
  });
});

describe('chooseSticks', () => {
  /** Sticks whose devices are files of a folder, a medium beside them. */
  async function choose(names: StickNames, prompter?: Prompter, fields: Entry = {}) {
    const folder = await temporaryFolder();
    await writeFiles(folder, { sdb: '', sdc: '', 'medium.iso': '' });
    const entries = [
      stick('sdb', { path: `${folder}/sdb`, serial: 'AB12', ...fields }),
      stick('sdc', { path: `${folder}/sdc`, serial: null }),
    ];
    const exec: Exec = async () => ({ exitCode: 0, stdout: listing(...entries), stderr: '' });
    const inFolder = names.device?.map((path) => `${folder}/${path}`);
    const context = { exec, signal, prompter };
    const chosen = await chooseSticks(
      `${folder}/medium.iso`,
      { ...names, ...(inFolder && { device: inFolder }) },
      'Lost.',
      context,
    );
    return chosen.map(({ device }) => device.slice(folder.length + 1));
  }

  it('takes --yes with serials, and asks nobody', async () => {
    const prompter = typist();
    expect(await choose({ serial: ['AB12'], yes: true }, prompter)).toEqual(['sdb']);
    expect(await choose({ serial: ['AB12'], yes: true })).toEqual(['sdb']);
    expect(prompter.asked).toEqual([]);
  });

  it('asks for the serial also of a stick that is named by its path', async () => {
    expect(await choose({ device: ['sdb'] }, typist('AB12'))).toEqual(['sdb']);
  });

  it.each<[string, StickNames, string]>([
    ['--yes alone', { yes: true }, '--serial is missing'],
    ['--yes with a path', { yes: true, device: ['sdc'] }, '--device does not do'],
    ['--yes with a path beside a serial', { yes: true, serial: ['AB12'], device: ['sdc'] }, '--device does not do'],
    ['no disk at all', {}, 'no disk is named'],
  ])('refuses %s', async (_, names, message) => {
    const prompter = typist('AB12');
    await expect(choose(names, prompter)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
    });
    expect(prompter.asked).toEqual([]);
  });

  it.each<[StickNames, string]>([
    [{}, 'missing: --serial <serial> --yes'],
    [{ serial: ['AB12'] }, 'missing: --yes'],
    [{ device: ['sdb'] }, 'missing: --serial <serial> --yes'],
    [{ serial: ['AB12'], device: ['sdc'] }, 'missing: --serial <serial> --yes'],
  ])('says without a terminal what is missing: %j', async (names, line) => {
    await expect(choose(names)).rejects.toMatchObject({ code: 'ANSWER_MISSING', lines: [line] });
  });

  it.each<[string, StickNames, Entry, string]>([
    ['a wrong serial', { serial: ['AB13'] }, {}, 'DEVICE_NOT_FOUND'],
    ['a mounted stick', { serial: ['AB12'] }, { mountpoints: ['/mnt'] }, 'DEVICE_REFUSED'],
    ['a stick that is gone', { serial: ['AB12'] }, { path: '/dev/sdb-gone' }, 'DEVICE_NOT_FOUND'],
  ])('finds %s before it asks', async (_, names, fields, code) => {
    const prompter = typist('AB12');
    await expect(choose(names, prompter, fields)).rejects.toMatchObject({ code });
    expect(prompter.asked).toEqual([]);
  });

  it('finds a missing medium, and the stick itself as the medium, before it asks', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { sdb: '', sdb1: '' });
    const disk = stick('sdb', { path: `${folder}/sdb`, children: [part('sdb1', { path: `${folder}/sdb1` })] });
    const exec: Exec = async () => ({ exitCode: 0, stdout: listing(disk), stderr: '' });
    const prompter = typist('4C53-sdb');
    const from = (medium: string) =>
      chooseSticks(`${folder}/${medium}`, { serial: ['4C53-sdb'] }, 'Lost.', { exec, signal, prompter });
    await expect(from('none.iso')).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
    await expect(from('sdb')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(from('sdb1')).rejects.toMatchObject({ code: 'USAGE' });
    expect(prompter.asked).toEqual([]);
  });
});
