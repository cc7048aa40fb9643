import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import type { Medium } from '../../../../../runtime/platform/platform.ts';
import {
  copyBootManagerArgv,
  entryOf,
  removeEntryArgv,
  startOnceArgvs,
} from '../../../../../runtime/platform/windows/firmware-entry.ts';
import { mountSystemArgv, unmountArgv } from '../../../../../runtime/platform/windows/system-partition.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { aManifest } from '../../../../helpers/manifest.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type WindowsMachine, type WindowsWish, windowsMachine } from '../../../../helpers/windows-machine.ts';

const ENTRY = '{0f9a5c1e-1111-2222-3333-444455556666}';
const FILES = {
  'EFI/BOOT/BOOTX64.EFI': 'shim',
  'EFI/BOOT/grubx64.efi': 'grub',
  'EFI/BOOT/mmx64.efi': 'keys',
  'boot/vmlinuz': 'kernel',
  'boot/initrd.img': 'initrd',
};
const ROOT = 'C:\\Windows';

function listed(files: Record<string, string>) {
  return Object.entries(files).map(([path, text]) => ({
    path,
    bytes: text.length,
    sha256: hashBytes(Buffer.from(text)),
  }));
}

function linuxMedium(root: string, files: Record<string, string> = FILES): Medium {
  return { root, device: 'D:', disk: '', launchMode: 'UFD', manifest: aManifest({ files: listed(files) }) };
}

/** A Windows with the medium in D:, whose system partition appears as S: when it is asked for. */
async function machine(wish: WindowsWish = {}): Promise<WindowsMachine> {
  const made = await windowsMachine({
    says: (line) => (line.startsWith('bcdedit /copy') ? `Der Eintrag wurde in ${ENTRY} kopiert.\r\n` : undefined),
    ...wish,
  });
  await writeFiles(made.drive('D'), FILES);
  await mkdir(made.drive('S'), { recursive: true });
  return made;
}

const stage = ({ platform, drive }: WindowsMachine, medium: Medium = linuxMedium(drive('D'))) =>
  platform.arrangeRestart({ into: 'winpe', target: undefined, medium });
const below = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
const commands = (lines: readonly string[]) => lines.filter((line) => /^(bcdedit|mountvol)/.test(line));

it('command lines', () => {
  expect([
    mountSystemArgv(ROOT, 'S'),
    unmountArgv(ROOT, 'S'),
    copyBootManagerArgv(ROOT),
    ...startOnceArgvs(ROOT, ENTRY),
    removeEntryArgv(ROOT, ENTRY),
  ]).toMatchInlineSnapshot(`
    [
      [
        "C:\\Windows\\System32\\mountvol.exe",
        "S:",
        "/S",
      ],
      [
        "C:\\Windows\\System32\\mountvol.exe",
        "S:",
        "/D",
      ],
      [
        "C:\\Windows\\System32\\bcdedit.exe",
        "/copy",
        "{bootmgr}",
        "/d",
        "Mediasmith",
      ],
      [
        "C:\\Windows\\System32\\bcdedit.exe",
        "/set",
        "{0f9a5c1e-1111-2222-3333-444455556666}",
        "path",
        "\\EFI\\Mediasmith\\shimx64.efi",
      ],
      [
        "C:\\Windows\\System32\\bcdedit.exe",
        "/set",
        "{fwbootmgr}",
        "bootsequence",
        "{0f9a5c1e-1111-2222-3333-444455556666}",
      ],
      [
        "C:\\Windows\\System32\\bcdedit.exe",
        "/delete",
        "{0f9a5c1e-1111-2222-3333-444455556666}",
        "/cleanup",
      ],
    ]
  `);
});

it('reads the identifier out of any language, and says where there is none', () => {
  expect(entryOf(`Der Eintrag wurde erfolgreich in "${ENTRY}" kopiert.\r\n`)).toBe(ENTRY);
  expect(() => entryOf('?\r\n')).toThrow(expect.objectContaining({ code: 'TOOL_FAILED', lines: ['?'] }));
});

describe('a restart from Windows into Linux', () => {
  it('puts the boot environment onto the system partition and has the firmware start it once', async () => {
    const here = await machine();
    await stage(here);
    const { id } = aManifest();
    const root = here.drive('S');
    const names = ['', `/${id}`, '/grubx64.efi', '/initrd.img', '/mmx64.efi', '/shimx64.efi', '/vmlinuz'];
    expect(await below(root)).toEqual(
      ['EFI', 'boot', 'boot/grub', 'boot/grub/grub.cfg', ...names.map((name) => `EFI/Mediasmith${name}`)].sort(),
    );
    expect(await readFile(join(root, 'EFI/Mediasmith/shimx64.efi'), 'utf8')).toBe('shim');
    expect(await readFile(join(root, 'boot/grub/grub.cfg'), 'utf8')).toMatchInlineSnapshot(`
      "# Mediasmith starts its boot environment from here once.
      if serial --unit=0 --speed=115200; then
        terminal_input console serial
        terminal_output console serial
      fi
      if search --no-floppy --file --set=root /EFI/Mediasmith/11111111-2222-4333-8444-555555555555; then
        echo 'Mediasmith: starting the boot environment on this disk'
        linux /EFI/Mediasmith/vmlinuz quiet panic=30 console=ttyS0,115200 console=tty0 mediasmith.medium=11111111-2222-4333-8444-555555555555 mediasmith.staged
        initrd /EFI/Mediasmith/initrd.img
        boot
      fi
      echo 'Mediasmith: the boot environment on this disk does not start. Windows starts again.'
      sleep 10
      reboot
      "
    `);
    expect(commands(here.lines)).toEqual([
      'mountvol S: /S',
      'mountvol S: /D',
      'bcdedit /copy {bootmgr} /d Mediasmith',
      `bcdedit /set ${ENTRY} path \\EFI\\Mediasmith\\shimx64.efi`,
      `bcdedit /set {fwbootmgr} bootsequence ${ENTRY}`,
    ]);
  });

  it('takes a letter that is free', async () => {
    const here = await machine();
    here.windows.drives.S = { type: 'remote' };
    await mkdir(here.drive('Z'), { recursive: true });
    await stage(here);
    expect(commands(here.lines)[0]).toBe('mountvol Z: /S');
    expect(await below(here.drive('S'))).toEqual([]);
  });

  it('loads the key, the keymap and the network where the medium has them', async () => {
    const here = await machine();
    const more = { ...FILES, 'boot/initrd-key.img': 'key', 'boot/initrd-keyboard.img': 'map' };
    await writeFiles(here.drive('D'), more);
    await stage(here, linuxMedium(here.drive('D'), more));
    const config = await readFile(join(here.drive('S'), 'boot/grub/grub.cfg'), 'utf8');
    expect(config).toMatch(/initrd \S+\/initrd\.img \S+\/initrd-keyboard\.img \S+\/initrd-key\.img$/m);
    expect(config).toMatch(/linux .* mediasmith\.signed mediasmith\.keyboard mediasmith\.staged$/m);
  });

  it('is arranged anew without what an earlier one has left, and everything is taken back at the end', async () => {
    const here = await machine();
    await stage(here);
    await writeFiles(here.drive('S'), { 'EFI/Mediasmith/left': '', 'EFI/Microsoft/Boot/bootmgfw.efi': '' });
    here.lines.length = 0;
    await stage(here);
    expect(commands(here.lines).slice(0, 3)).toEqual([
      `bcdedit /delete ${ENTRY} /cleanup`,
      'mountvol S: /S',
      'mountvol S: /D',
    ]);
    expect(await below(join(here.drive('S'), 'EFI/Mediasmith'))).not.toContain('left');
    here.lines.length = 0;
    await (await here.platform.openState(undefined, 'full-os'))?.remove();
    expect(commands(here.lines)).toEqual([`bcdedit /delete ${ENTRY} /cleanup`, 'mountvol S: /S', 'mountvol S: /D']);
    const theirs = ['EFI', 'EFI/Microsoft', 'EFI/Microsoft/Boot', 'EFI/Microsoft/Boot/bootmgfw.efi'];
    expect(await below(here.drive('S'))).toEqual(theirs);
    expect(await readdir(here.drive('C'))).not.toContain('_SMSTaskSequence');
  });

  it('takes off the system partition what a run has left whose state is gone', async () => {
    const here = await machine();
    await writeFiles(here.drive('S'), { 'EFI/Mediasmith/left': '', 'EFI/Other/loader.efi': '' });
    await stage(here);
    expect(await below(join(here.drive('S'), 'EFI/Mediasmith'))).not.toContain('left');
    expect(await below(join(here.drive('S'), 'EFI/Other'))).toEqual(['loader.efi']);
  });

  it('takes no file but that of the manifest, and starts nothing then', async () => {
    const here = await machine();
    await writeFile(join(here.drive('D'), 'boot/vmlinuz'), 'kerneL');
    await expect(stage(here)).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
    expect(commands(here.lines)).toEqual(['mountvol S: /S', 'mountvol S: /D']);
    await rm(join(here.drive('D'), 'boot/vmlinuz'));
    await expect(stage(here)).rejects.toMatchObject({ code: 'BOOT_FILES_MISSING' });
  });

  it('leaves the GRUB of another system alone', async () => {
    const here = await machine();
    await writeFiles(here.drive('S'), { 'boot/grub/grub.cfg': 'theirs' });
    await expect(stage(here)).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    await (await here.platform.openState(undefined, 'full-os'))?.remove();
    expect(await below(here.drive('S'))).toEqual(['boot', 'boot/grub', 'boot/grub/grub.cfg']);
  });
});

describe('is refused before anything is done', () => {
  const refuse = ({ platform, drive }: WindowsMachine, files = FILES as Record<string, string>) =>
    platform.refuseRestart?.({ into: 'winpe', medium: linuxMedium(drive('D'), files) });

  it.each(['bios', undefined] as const)('on firmware %s', async (firmware) => {
    const here = await machine({ answers: { firmwareType: () => firmware } });
    await expect(refuse(here)).rejects.toMatchObject({
      code: 'READINESS_FAILED',
      hint: expect.stringContaining('WinPE'),
    });
    await expect(stage(here)).rejects.toMatchObject({ code: 'READINESS_FAILED' });
    expect(commands(here.lines)).toEqual([]);
  });

  it('where BitLocker keeps the state from Linux', async () => {
    const here: WindowsMachine = await machine({
      answers: {
        control: (device, ...asked) =>
          device === '\\\\.\\C:'
            ? { data: Buffer.from(Uint32Array.of(7, 0, 3).buffer) }
            : fakeWin32(here.windows).control(device, ...asked),
      },
    });
    const disk = join(here.drive('C'), '../PhysicalDrive0');
    const partitions = [{ number: 3, startBytes: 4096, bytes: 4096 }];
    here.windows.disks[disk] = {
      layout: { style: 'gpt', identity: '10000000-0000-4000-8000-000000000000', partitions },
    };
    const content = Buffer.alloc(8192);
    await writeFile(disk, content);
    await expect(refuse(here)).resolves.toBeUndefined();
    content.write('-FVE-FS-', 4096 + 3, 'latin1');
    await writeFile(disk, content);
    await expect(refuse(here)).rejects.toMatchObject({
      code: 'READINESS_FAILED',
      message: expect.stringContaining('C:'),
    });
  });

  it('with a medium that lacks a file, or, on a web server, the drivers of network cards', async () => {
    const here = await machine();
    await expect(refuse(here, { 'boot/vmlinuz': '' })).rejects.toMatchObject({ code: 'BOOT_FILES_MISSING' });
    const medium = { ...linuxMedium(here.drive('D')), address: 'http://server/a/' };
    await expect(here.platform.refuseRestart?.({ into: 'winpe', medium })).rejects.toMatchObject({
      code: 'BOOT_FILES_MISSING',
      where: 'http://server/a/',
    });
  });

  it('and not where nothing is in the way', async () => {
    const here = await machine({ answers: { firmwareType: () => 'bios' } });
    const medium = linuxMedium(here.drive('D'));
    await expect(here.platform.refuseRestart?.({ into: 'full-os', medium })).resolves.toBeUndefined();
    const winpe = { ...medium, manifest: aManifest({ bootEnvironment: 'winpe' }) };
    await expect(here.platform.refuseRestart?.({ into: 'winpe', medium: winpe })).resolves.toBeUndefined();
  });
});
