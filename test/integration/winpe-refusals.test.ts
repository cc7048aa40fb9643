import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sevenZip } from '../../builder/tools/seven-zip.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { buildProject, type WinpeProject, winpeProject } from '../helpers/winpe-project.ts';

let folder: string;
let windows: MicrosoftMedia;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-winpe-'));
  windows = makeMicrosoftMedia(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the build says to a project it must refuse; nothing may lie there afterwards that was not there before. */
async function refusal(project: WinpeProject, files: Record<string, string | Uint8Array> = {}) {
  const place = await winpeProject(project);
  await writeFiles(place, files);
  const before = await readdir(place);
  const { exitCode, stdout, stderr } = await buildProject(place);
  expect(await readdir(place)).toEqual(before);
  expect(exitCode, stdout + stderr).toBe(2);
  const { error } = JSON.parse(stdout);
  expect(error.hint, JSON.stringify(error)).toMatch(/\w/);
  return `${error.code} ${error.message} ${error.lines?.join(' ') ?? ''}`;
}

const images = (source: string, image: string | number = 1) =>
  `images: [{ name: windows, source: ${source}, image: ${image} }]`;

describe('a source that is not what it should be', () => {
  it('an ISO that is not Windows', async () => {
    const other = join(await temporaryFolder(), 'other.iso');
    await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '-o', other, 'templates']);
    expect(await refusal({ source: other })).toMatch(/^SOURCE_INVALID .*other\.iso has no Windows image in it/);
    expect(await refusal({ source: other, images: images(await windows.installWim()) })).toMatch(
      /^SOURCE_INVALID .*has no boot image in it .*sources\/boot\.wim/,
    );
  });

  it('a truncated ISO', async () => {
    const short = join(await temporaryFolder(), 'short.iso');
    await copyFile(await windows.isoFile(), short);
    await truncate(short, 3_000_000);
    expect(await refusal({ source: short })).toMatch(
      /^SOURCE_INVALID .*short\.iso is damaged or not complete .*Unexpected end/,
    );
  });

  it('an ISO with an image in it that is cut, by the names a person knows', async () => {
    const place = await temporaryFolder();
    const [media, iso] = [join(place, 'media'), join(place, 'cut.iso')];
    await exec(['cp', '-a', await windows.mediaFolder(), media]);
    const image = join(media, 'sources/install.wim');
    await truncate(image, (await readFile(image)).length - 5000);
    await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '-iso-level', '3', '-J', '-o', iso, media]);
    const said = await refusal({ source: iso });
    expect(said).toMatch(/^(IMAGE_CORRUPT|SOURCE_INVALID) .*sources\/install\.wim in .*\/cut\.iso/);
    expect(said).not.toMatch(/unpacked/);
  });

  it('a truncated and an encrypted ESD', async () => {
    const esd = await windows.installEsd();
    const [short, secret] = [join(await temporaryFolder(), 'short.esd'), join(await temporaryFolder(), 'secret.esd')];
    await copyFile(esd, short);
    await truncate(short, (await readFile(esd)).length - 2000);
    await writeFile(secret, encrypted(await readFile(esd)));
    const source = await windows.bootWim();
    expect(await refusal({ source, images: images(short) })).toMatch(/^(IMAGE_CORRUPT|SOURCE_INVALID) .*short\.esd/);
    expect(await refusal({ source, images: images(secret) })).toMatch(/^SOURCE_INVALID .*secret\.esd.*encrypt/i);
  });

  it('a part of a split image that is missing', async () => {
    const first = await windows.installSwm();
    const place = await temporaryFolder();
    await copyFile(first, join(place, 'install.swm'));
    expect(await refusal({ source: await windows.bootWim(), images: images(join(place, 'install.swm')) })).toMatch(
      /^SOURCE_INVALID part 2 of \d+ of the split WIM is missing/,
    );
  });

  it('a damaged boot.wim', async () => {
    const source = join(await temporaryFolder(), 'flip.wim');
    const bytes = await readFile(await windows.bootWim());
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
    await writeFile(source, bytes);
    expect(await refusal({ source, images: images(await windows.installWim()) })).toMatch(/^IMAGE_CORRUPT .*flip\.wim/);
  });

  it('a boot.wim with no PE in it', async () => {
    expect(await refusal({ source: await windows.installWim(), winpe: ['image: 1'] })).toMatch(
      /^BOOT_IMAGE_INVALID .*winpeshl/i,
    );
  });

  it('a boot image for another architecture than the images', async () => {
    const arm = makeMicrosoftMedia(join(folder, 'arm'), { architecture: 'arm64' });
    const source = await arm.isoFile();
    expect(await refusal({ source })).toMatch(/^ARCHITECTURE_MISMATCH /);
    const project = { source, winpe: ['architecture: arm64'], images: images(await windows.installWim()) };
    expect(await refusal(project)).toMatch(
      /^ARCHITECTURE_MISMATCH .*image "windows" is for x64: .*arm64.* cannot run it/,
    );
  });

  it('a 32-bit image', async () => {
    const old = makeMicrosoftMedia(join(folder, 'x86'), { architecture: 'x86' });
    expect(await refusal({ source: await old.bootWim(), images: images(await windows.installWim()) })).toMatch(
      /32-bit/,
    );
    expect(await refusal({ source: await windows.bootWim(), images: images(await old.installWim()) })).toMatch(
      /^ARCHITECTURE_MISMATCH .*"windows" is for x86: a 32-bit Windows/,
    );
  });

  it('a language the image does not have', async () => {
    const sequence = `formatVersion: 1
id: install
name: Install
steps:
  - step: format-and-partition-disk
  - { step: apply-operating-system, image: windows }
  - { step: apply-windows-settings, uiLanguage: de-DE }
`;
    expect(await refusal({ source: await windows.isoFile(), sequence })).toMatch(
      /uiLanguage de-DE: image "windows" has en-US/,
    );
  });
});

describe('what goes into the boot image', () => {
  const INF = (architecture: string) =>
    `[Version]\r\nSignature="$Windows NT$"\r\nClass=Net\r\nProvider=X\r\n[Manufacturer]\r\nX=X,NT${architecture}\r\n[X.NT${architecture}]\r\nY=Y,PCI\\VEN_1\r\n`;
  const withDrivers = async (source: string): Promise<WinpeProject> => ({
    source: await windows.isoFile(),
    winpe: ['drivers: [net]'],
    more: `packages: [{ name: net, source: ${source} }]\noutputs: [{ iso: out.iso }]`,
  });

  it('a driver for another architecture', async () => {
    expect(await refusal(await withDrivers('net'), { 'net/y.inf': INF('arm64') })).toMatch(
      /^DRIVER_WRONG_ARCHITECTURE .*y\.inf/,
    );
  });

  it('a driver package for the installed Windows that has nothing for it', async () => {
    const sequence = [
      ...['formatVersion: 2', 'id: install', 'name: Install', 'steps:', '  - step: format-and-partition-disk'],
      ...['  - { step: apply-operating-system, image: windows }', '  - { step: apply-driver-package, package: net }'],
    ].join('\n');
    const project = { ...(await withDrivers('net')), winpe: [] };
    const files = { 'install.yaml': sequence, 'net/y.inf': INF('arm64') };
    expect(await refusal(project, files)).toMatch(
      /^DRIVER_WRONG_ARCHITECTURE .*"net" has no driver for x64 .*y\.inf: arm64/,
    );
    expect(await refusal(project, { ...files, 'net/y.inf': 'x' })).toMatch(
      /^SOURCE_INVALID driver package "net" has no/,
    );
  });

  it('an archive with a password, and one that is damaged', async () => {
    const place = await temporaryFolder();
    await writeFiles(place, { 'y.inf': INF('amd64').repeat(200) });
    const [locked, broken, cut] = [join(place, 'locked.7z'), join(place, 'broken.zip'), join(place, 'cut.zip')];
    await sevenZip(['a', '-bso0', '-psecret', '-mhe=on', locked, join(place, 'y.inf')], exec);
    await sevenZip(['a', '-bso0', '-mx0', broken, join(place, 'y.inf')], exec);
    const bytes = await readFile(broken);
    await writeFile(cut, bytes.subarray(0, -30));
    bytes.fill(0, 200, 400);
    await writeFile(broken, bytes);
    expect(await refusal(await withDrivers(locked))).toMatch(/^SOURCE_INVALID .*locked\.7z is protected by a password/);
    expect(await refusal(await withDrivers(broken))).toMatch(/^SOURCE_INVALID .*broken\.zip is damaged/);
    expect(await refusal(await withDrivers(cut))).toMatch(/^SOURCE_INVALID .*cut\.zip is damaged/);
  });

  it('boot files of mixed signing sets', async () => {
    const media = await windows.mediaFolder();
    const place = join(await temporaryFolder(), 'mixed');
    await exec(['cp', '-a', media, place]);
    const older = makeMicrosoftMedia(join(folder, 'newer'), { plainSet: 2023, newerSet: false });
    await copyFile(join(await older.mediaFolder(), 'efi/boot/bootx64.efi'), join(place, 'efi/boot/bootx64.efi'));
    const none = makeMicrosoftMedia(join(folder, 'adk'), {});
    const adk = join(await none.adkFolder(), 'amd64/en-us/winpe.wim');
    expect(
      await refusal({ source: adk, winpe: [`bootFiles: ${place}`], images: images(await windows.installWim()) }),
    ).toMatch(/^SIGNING_MIXED .*2011.*2023|^SIGNING_MIXED .*2023.*2011/);
  });

  it('a boot image without a DLL the runtime needs', async () => {
    const bare = makeMicrosoftMedia(join(folder, 'bare'), { dlls: ['kernel32.dll'] });
    expect(await refusal({ source: await bare.isoFile() })).toMatch(/^RUNTIME_DLL_MISSING .*winmm\.dll/i);
  });

  it('a boot image with what the runtime imports, but without a DLL it loads later', async () => {
    const imported = ['kernel32', 'advapi32', 'user32', 'ole32', 'shell32', 'userenv', 'iphlpapi', 'ws2_32', 'crypt32']
      .concat(['winmm', 'dbghelp', 'ntdll', 'bcrypt', 'psapi', 'powrprof', 'version', 'gdi32'])
      .map((name) => `${name}.dll`);
    const bare = makeMicrosoftMedia(join(folder, 'no-setupapi'), { dlls: imported });
    expect(await refusal({ source: await bare.isoFile() })).toMatch(/^RUNTIME_DLL_MISSING .*lacks setupapi\.dll/);
  });
});

/** The XML of an encrypted ESD says so; libwim goes by that. Field places: the header of a WIM file. */
function encrypted(esd: Buffer): Buffer {
  const [size, offset] = [Number(esd.readBigUInt64LE(72) & 0xffffffffffffffn), Number(esd.readBigUInt64LE(80))];
  const xml = esd
    .toString('utf16le', offset, offset + size)
    .replace('</WIM>', '<ESD><ENCRYPTED>1</ENCRYPTED></ESD></WIM>');
  const bytes = Buffer.from(xml, 'utf16le');
  const header = Buffer.from(esd);
  header.writeBigUInt64LE(BigInt(bytes.length) | (esd.readBigUInt64LE(72) & 0xff00000000000000n), 72);
  header.writeBigUInt64LE(BigInt(esd.length), 80);
  header.writeBigUInt64LE(BigInt(bytes.length), 88);
  return Buffer.concat([header, bytes]);
}
