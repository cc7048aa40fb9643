import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashFile } from '../../builder/hash.ts';
import {
  asStick,
  type LoopStick,
  loopStick,
  resize,
  run,
  type ScriptedLsblk,
  SERIAL,
  scriptedLsblk,
} from '../contract/usb-devices-loop.ts';
import { cli } from '../helpers/cli.ts';
import { folderMedium } from '../helpers/folder-medium.ts';
import { CHANGED, FILES, OTHER_ID, STICK_BYTES } from '../helpers/small-stick.ts';
import { placeOf } from '../helpers/stick-devices.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { nvme, stick } from '../unit/builder/usb/listings.ts';

const LAUNCHER = fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url));

// Loop devices need root.
describe.skipIf(process.getuid?.() !== 0)('usb', () => {
  let loop: LoopStick;
  let lsblk: ScriptedLsblk;
  let medium: string;
  let before: string;

  beforeEach(async () => {
    loop = await loopStick();
    lsblk = await scriptedLsblk(nvme, asStick(loop));
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'medium.iso': 'none of ours' });
    medium = join(folder, 'medium.iso');
    before = await hashFile(loop.image);
  });

  /** The document and exit code of `usb write MEDIUM ...ARGS --json`, after which the stick is as it was. */
  async function refusal(args: readonly string[], command = 'write') {
    const { exitCode, stdout } = await cli(['usb', command, medium, ...args, '--json'], { env: lsblk.env });
    expect(await hashFile(loop.image)).toBe(before);
    const { error } = JSON.parse(stdout);
    return { exitCode, ...error };
  }

  it('lists devices as one document', async () => {
    const { exitCode, stdout } = await cli(['usb', 'list', '--json'], { env: lsblk.env });
    const { devices } = JSON.parse(stdout);
    expect([exitCode, devices.length]).toEqual([0, 2]);
    expect(devices[0]).toMatchObject({ device: '/dev/nvme0n1', removable: false, mounted: true });
    expect(devices[0].refused).toContain('the running system');
    expect(devices[1]).toEqual({
      device: loop.device,
      model: 'SanDisk Ultra Fit',
      serial: SERIAL,
      bytes: 8_388_608,
      removable: true,
      mounted: false,
      mountPoints: [],
      partitionTable: '',
      contents: [],
      refused: null,
      medium: null,
    });
  });

  it('lists devices for a person', async () => {
    const { stdout } = await cli(['usb', 'list'], { env: lsblk.env });
    expect(stdout).toContain(`${loop.device}    8.0 MB  SanDisk Ultra Fit`);
  });

  it('says that lsblk is missing', async () => {
    const { exitCode, stdout } = await cli(['usb', 'list', '--json'], { env: { PATH: await temporaryFolder() } });
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([3, 'TOOL_MISSING']);
  });

  it.each<[string, string[], string]>([
    ['a wrong serial', ['--serial', 'LOOP-0002', '--yes'], 'DEVICE_NOT_FOUND'],
    ['the serial of a fixed disk', ['--serial', 'S64DNL0T', '--yes'], 'DEVICE_REFUSED'],
    ['a right and a wrong serial', ['--serial', SERIAL, 'LOOP-0002', '--yes'], 'DEVICE_NOT_FOUND'],
    ['a serial twice', ['--serial', SERIAL, '--serial', SERIAL, '--yes'], 'USAGE'],
    ['--yes without a serial', ['--yes'], 'USAGE'],
    ['--yes with a path', ['--device', '/dev/loop0', '--yes'], 'USAGE'],
    ['no terminal and no --yes', ['--serial', SERIAL], 'ANSWER_MISSING'],
    ['no terminal and nothing named', [], 'ANSWER_MISSING'],
    ['a medium that is none', ['--serial', SERIAL, '--yes'], 'MEDIUM_INVALID'],
  ])('refuses %s, and writes nothing', async (_, args, code) => {
    expect(await refusal(args)).toMatchObject({ exitCode: 2, code });
    expect(await refusal(args, 'update')).toMatchObject({ exitCode: 2, code });
  });

  it('says which flags are missing', async () => {
    expect(await refusal([])).toMatchObject({ lines: ['missing: --serial <serial> --yes'] });
  });

  it('refuses a stick that somebody has mounted since lsblk looked', async () => {
    await run('mkfs.ext4', ['-q', '-F', loop.device]);
    const folder = join(await temporaryFolder(), 'mounted');
    await mkdir(folder);
    await run('mount', ['-o', 'ro', loop.device, folder]);
    onTestFinished(async () => void (await run('umount', [folder])));
    before = await hashFile(loop.image);
    expect(await refusal(['--serial', SERIAL, '--yes'])).toMatchObject({ exitCode: 2, code: 'DEVICE_REFUSED' });
  });

  it('refuses a stick that is not as large as lsblk says, and one whose serial another has', async () => {
    await resize(loop, 4_194_304);
    before = await hashFile(loop.image);
    expect(await refusal(['--serial', SERIAL, '--yes'])).toMatchObject({ code: 'DEVICE_REFUSED' });
    await lsblk.print(asStick(loop), stick('sdy', { serial: SERIAL }));
    expect(await refusal(['--serial', SERIAL, '--yes'])).toMatchObject({
      code: 'DEVICE_REFUSED',
      message: expect.stringContaining('its serial is also that of'),
    });
  });

  it('says what an update has not read, and with --verify finds what is damaged there', async () => {
    await resize(loop, STICK_BYTES);
    await lsblk.print(asStick(loop, { size: STICK_BYTES }));
    const usb = async (command: string, from: string, ...args: string[]) => {
      const named = ['--serial', SERIAL, '--yes', '--json'];
      const { exitCode, stdout } = await cli(['usb', command, from, ...named, ...args], { env: lsblk.env });
      return { exitCode, ...JSON.parse(stdout) };
    };
    expect((await usb('write', await folderMedium(FILES))).exitCode).toBe(0);
    const at = await placeOf(loop.image, Buffer.alloc(4096, 'wim'), STICK_BYTES);
    await run('dd', ['if=/dev/zero', `of=${loop.device}`, 'bs=1', 'count=1', `seek=${at}`, 'conv=notrunc,fsync']);
    const changed = await folderMedium(CHANGED, OTHER_ID);
    expect(await usb('update', changed)).toMatchObject({ exitCode: 0, notRead: { files: 5 } });
    const { exitCode, error } = await usb('update', changed, '--verify');
    expect([exitCode, error.code, error.where]).toEqual([4, 'MEDIUM_CORRUPT', loop.device]);
    expect(error.message).toContain(`(serial ${SERIAL})`);
    expect(error.lines).toEqual(['mediasmith/images/windows.wim: its content has changed']);
  });

  describe('on a terminal', () => {
    afterEach(async () => expect(await hashFile(loop.image)).toBe(before));

    /** Runs `usb write MEDIUM ...ARGS` there, types `keys` at the question, and returns what is on the screen. */
    async function onTerminal(args: readonly string[], keys: string) {
      const command = [process.execPath, LAUNCHER, 'usb', 'write', medium, ...args]
        .map((word) => `'${word}'`)
        .join(' ');
      const child = spawn(
        'script',
        ['--quiet', '--flush', '--return', '--command', `stty cols 80; exec ${command}`, '/dev/null'],
        { env: { ...process.env, ...lsblk.env, TERM: 'xterm' } },
      );
      let screen = '';
      let typed = false;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        screen += text;
        if (typed || !screen.includes('to go on:')) return;
        typed = true;
        child.stdin.write(keys);
      });
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, screen };
    }

    it('shows the stick and asks for its serial; what else is typed ends it', async () => {
      const { exitCode, screen } = await onTerminal(['--serial', SERIAL], 'yes\r');
      expect(exitCode).toBe(2);
      expect(screen).toContain(`${loop.device}: SanDisk Ultra Fit, 8.0 MB, serial ${SERIAL}`);
      expect(screen).toContain('Everything on it will be lost.');
      expect(screen).toContain(`Error USAGE: what was typed is not the serial of ${loop.device}`);
    });

    it('goes on when the serial is typed', async () => {
      const { screen } = await onTerminal(['--serial', SERIAL], `${SERIAL}\r`);
      // As far as the medium, which is none.
      expect(screen).toContain('Error MEDIUM_INVALID');
    });

    it('asks for the path of a stick without a serial', async () => {
      await lsblk.print(asStick(loop, { serial: null }));
      const { screen } = await onTerminal(['--device', loop.device], `${loop.device}\r`);
      expect(screen).toContain('Type the path of this disk to go on:');
      expect(screen).toContain('Error MEDIUM_INVALID');
    });

    it('ends by Ctrl-C, and by Ctrl-D', async () => {
      expect(await onTerminal(['--serial', SERIAL], '\x03')).toMatchObject({ exitCode: 130 });
      expect(await onTerminal(['--serial', SERIAL], '\x04')).toMatchObject({ exitCode: 130 });
    });

    it('names the disks that are there when none is named', async () => {
      const { exitCode, screen } = await onTerminal([], '');
      expect(exitCode).toBe(2);
      expect(screen).toContain('no disk is named');
      expect(screen).toContain(`serial ${SERIAL}`);
    });
  });
});
