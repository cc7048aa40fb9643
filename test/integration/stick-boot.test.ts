import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareGrub } from '../../builder/boot/linux/grub-package.ts';
import { type StickStart, stickBiosFiles } from '../../builder/boot/linux/stick-files.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { makeStick, type StickParts } from '../helpers/stick-image.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildProject, winpeProject } from '../helpers/winpe-project.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const OTHER_ID = '3b241101-e2bb-4255-8caf-4136c566a963';
const SERIAL = 'serial --unit=0 --speed=115200\nterminal_output console serial\n';
const START_SECONDS = 60;

let root: string;
beforeAll(async () => {
  ({ root } = await prepareGrub({ cacheFolder: cacheFolder(), exec, emit: () => {} }));
});

/** The BIOS files of a medium as bytes, by their paths. */
async function biosFiles(folder: string, start: StickStart, mediumId = ID): Promise<Record<string, Buffer>> {
  const workspace = join(folder, `bios-${mediumId}`);
  await mkdir(workspace);
  const files: Record<string, Buffer> = {};
  for (const [path, source] of await stickBiosFiles({ root, mediumId, start, workspace }, exec))
    files[path] = source.kind === 'file' ? await readFile(source.path) : Buffer.from(source.data);
  return files;
}

function bootOf(files: Record<string, Buffer>): StickParts['boot'] {
  const file = (path: string): Buffer => files[path] ?? Buffer.alloc(0);
  return { bootImage: file(MEDIUM_PATHS.biosBootSector), coreImage: file(MEDIUM_PATHS.biosCore) };
}

async function firstLine(folder: string, stick: string, pattern: RegExp): Promise<string> {
  const medium = { path: stick, as: 'usb' } as const;
  await using machine = await VirtualMachine.start({ firmware: 'bios', folder: join(folder, 'machine'), medium });
  return await machine.waitForLine(pattern, { seconds: START_SECONDS });
}

it('gives a medium three files, the same each time, of which one is known by its name alone', async () => {
  const [a, b] = [await biosFiles(await temporaryFolder(), 'linux'), await biosFiles(await temporaryFolder(), 'linux')];
  expect(Object.keys(a)).toEqual([`mediasmith/bios/${ID}`, 'mediasmith/bios/boot.img', 'mediasmith/bios/core.img']);
  expect(a[`mediasmith/bios/${ID}`]?.toString()).toBe(`${ID}\n`);
  expect(b).toEqual(a);
});

describe.each(['mbr', 'gpt'] as const)('a BIOS starts from a stick with a table of %s', (table) => {
  it('the boot menu of the medium with this id', async () => {
    const folder = await temporaryFolder();
    const bios = await biosFiles(folder, 'linux');
    const files = { ...bios, 'boot/grub/grub.cfg': `${SERIAL}echo "menu of ($root)"\nsleep 60\n` };
    const stick = await makeStick(folder, { root, table, boot: bootOf(bios), files });
    const partition = table === 'mbr' ? 'msdos1' : 'gpt2';
    expect(await firstLine(folder, stick, /menu of/)).toBe(`menu of (hd0,${partition})`);
  });

  it("Microsoft's boot manager", async () => {
    const folder = await temporaryFolder();
    const bios = await biosFiles(folder, 'bootmgr');
    const files = { ...bios, bootmgr: standInBootManager('the boot manager\r\n') };
    const stick = await makeStick(folder, { root, table, boot: bootOf(bios), files });
    expect(await firstLine(folder, stick, /the boot manager$/)).toBe('the boot manager');
  });
});

it('does not take another medium for its own', async () => {
  const folder = await temporaryFolder();
  const bios = await biosFiles(folder, 'bootmgr');
  const files = { ...(await biosFiles(folder, 'bootmgr', OTHER_ID)), bootmgr: standInBootManager('started\r\n') };
  const stick = await makeStick(folder, { root, table: 'mbr', boot: bootOf(bios), files });
  expect(await firstLine(folder, stick, /started|could not/)).toMatch(/could not be started from this medium/);
});

describe('a medium that starts WinPE', () => {
  it('carries GRUB with its licence, and starts from a stick', async () => {
    const folder = await temporaryFolder();
    const source = await makeMicrosoftMedia(folder).isoFile();
    const project = await winpeProject({ source, folder: join(folder, 'project') });
    const { exitCode, stdout, stderr } = await buildProject(project);
    expect(exitCode, stdout + stderr).toBe(0);
    await extractFromArchive({ archive: join(project, 'out.iso'), folder: join(folder, 'medium') }, exec);
    const { id, files } = Manifest.parse(
      JSON.parse(await readFile(join(folder, 'medium', MEDIUM_PATHS.manifest), 'utf8')),
    );
    const names = [`mediasmith/bios/${id}`, MEDIUM_PATHS.biosBootSector, MEDIUM_PATHS.biosCore];
    const licence = `${MEDIUM_PATHS.licences}/grub-pc-bin.txt`;
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining([...names, licence]));
    const report = JSON.parse(await readFile(join(folder, 'medium', MEDIUM_PATHS.bootPackages), 'utf8'));
    expect(report.packages).toContainEqual(expect.objectContaining({ name: 'grub-pc-bin', source: 'grub2' }));

    const bios: Record<string, Buffer> = {};
    for (const path of names) bios[path] = await readFile(join(folder, 'medium', path));
    const content = { ...bios, bootmgr: standInBootManager('it has started\r\n') };
    const stick = await makeStick(folder, { root, table: 'mbr', boot: bootOf(bios), files: content });
    expect(await firstLine(folder, stick, /it has started$/)).toBe('it has started');
  });
});

/** What GRUB loads to 0x20000 and starts there: it writes the text to COM1 and halts. */
function standInBootManager(text: string): Buffer {
  const code = [
    ...[0x8c, 0xc8, 0x8e, 0xd8, 0xfc, 0xbe, 0x40, 0x00], // mov ax, cs; mov ds, ax; cld; mov si, text
    ...[0xac, 0x84, 0xc0, 0x74, 0x11], // next: lodsb; test al, al; jz end
    ...[0x88, 0xc4, 0xba, 0xfd, 0x03], // mov ah, al; mov dx, 0x3fd
    ...[0xec, 0xa8, 0x20, 0x74, 0xfb], // wait: in al, dx; test al, 0x20 (room in the port); jz wait
    ...[0x88, 0xe0, 0xb2, 0xf8, 0xee, 0xeb, 0xea], // mov al, ah; mov dl, 0xf8; out dx, al; jmp next
    ...[0xfa, 0xf4, 0xeb, 0xfd], // end: cli; hlt; jmp
  ];
  const file = Buffer.alloc(0x400);
  Buffer.from(code).copy(file);
  file.write(text, 0x40, 'latin1');
  return file;
}
