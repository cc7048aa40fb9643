import { readFileSync, watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standInEfi } from '../../builder/demo/stand-in-efi.ts';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import { type DemoImage, makeDemoImage } from '../../builder/demo/windows-image.ts';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';

const FIRMWARE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const size = { files: 200, bytes: 5_000_000 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.runIf(process.getuid?.() === 0)('the stand-in image', () => {
  let image: DemoImage;
  const events: RunEvent[] = [];
  beforeAll(async () => {
    image = await makeDemoImage({ folder, exec, emit: (event) => events.push(event), size });
  });

  /** What wimlib tells about each entry of one image, by its path. */
  async function details(index: number): Promise<Map<string, string>> {
    const { stdout } = await exec(['wimdir', image.path, String(index), '--detailed']);
    const blocks = stdout
      .split(/^-+$/m)
      .map((block) => [/Full Path\s*= "(.*)"/.exec(block)?.[1] ?? '', block] as const);
    return new Map(blocks);
  }

  test('is two editions that share nearly everything, and libwim finds Windows in them', async () => {
    using wim = await WimFile.open(image.path);
    const common = {
      architecture: 'x64',
      installationType: 'Client',
      version: expect.stringMatching(/^10\.0\.26100/),
      languages: ['en-US'],
      defaultLanguage: 'en-US',
    };
    expect(wim.images()).toMatchObject([
      { name: 'Stand-in Pro', windows: { ...common, edition: 'Professional', productName: 'Mediasmith Stand-in Pro' } },
      { name: 'Stand-in Home', windows: { ...common, edition: 'Core', productName: 'Mediasmith Stand-in Home' } },
    ]);
    await wim.verify();
    expect((await stat(image.path)).size).toBe(image.bytes);
    expect(image.bytes).toBeLessThan(4_000_000);
  });

  test('keeps what NTFS has beside names and contents', async () => {
    const first = await details(1);
    expect(first.get('/Documents and Settings')).toMatch(
      /Short Name\s*= "DOCUME~1"[\s\S]*Attributes\s*= 0x00000416[\s\S]*Reparse Tag\s*= 0xa0000003/,
    );
    expect(first.get('/Users/All Users')).toMatch(/Reparse Tag\s*= 0xa000000c/);
    expect(first.get('/Program Files')).toMatch(/Short Name\s*= "PROGRA~1"[\s\S]*Attributes\s*= 0x00000011/);
    const streams = first.get('/Users/Public/Documents/A long name that needs a short one.txt');
    expect(streams).toContain('Named data stream "Zone.Identifier"');
    const descriptors = new Set([...first.values()].map((block) => /Security Descriptor = (\w+)/.exec(block)?.[1]));
    expect(descriptors.size).toBeGreaterThanOrEqual(4);
    expect([...first.keys()].some((path) => path.includes('説明書'))).toBe(true);
    const linked = [...first.entries()].filter(
      ([path]) => path.startsWith('/Windows/WinSxS/') && path.endsWith('.dll'),
    );
    expect(linked.length).toBeGreaterThan(5);
    for (const [, block] of linked) expect(block).toMatch(/Link Count\s*= 2/);
  });

  test('the hives of an edition can be read where Windows keeps them', async () => {
    using wim = await WimFile.open(image.path);
    await wim.extractPaths(2, ['Windows/System32/config/SOFTWARE', 'Windows/System32/config/SYSTEM'], folder, {
      flat: true,
    });
    const software = 'cd Microsoft\\Windows NT\\CurrentVersion\nlsval EditionID\n';
    expect((await exec(['hivexsh', join(folder, 'SOFTWARE')], { input: software })).stdout.trim()).toBe('Core');
    const system = 'cd ControlSet001\\Services\\StandIn219\nlsval Start\n';
    expect((await exec(['hivexsh', join(folder, 'SYSTEM')], { input: system })).stdout.trim()).toBe('4');
  });

  test('is found again in the cache', async () => {
    const later: RunEvent[] = [];
    const { mtimeMs } = await stat(image.path);
    expect(await makeDemoImage({ folder, exec, emit: (event) => later.push(event), size })).toEqual(image);
    expect((await stat(image.path)).mtimeMs).toBe(mtimeMs);
    expect(later).toEqual([]);
    expect(events.map(({ event }) => event)).toContain('stage-finished');
  });

  test('comes out the same, byte for byte, when it is made again', async () => {
    const again = await mkdtemp(join(folder, 'again-'));
    const second = await makeDemoImage({ folder: again, exec, emit: () => undefined, size });
    expect((await readFile(second.path)).equals(await readFile(image.path))).toBe(true);
  });

  test('leaves nothing behind when it is interrupted while the volume is mounted', async () => {
    const interrupted = await mkdtemp(join(folder, 'interrupted-'));
    const controller = new AbortController();
    const emit = (event: RunEvent) => {
      if (event.event === 'progress') controller.abort();
    };
    const making = makeDemoImage({ folder: interrupted, exec, emit, size, signal: controller.signal });
    await expect(making).rejects.toSatisfy((error) => isMediasmithError(error) && error.code === 'INTERRUPTED');
    expect(await readdir(interrupted)).toEqual([]);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(interrupted);
  });
});

const bootable = await stat(FIRMWARE).then(
  () => true,
  () => false,
);

test.runIf(bootable)('firmware starts the EFI stand-in, which says so on the serial port and stays', async () => {
  const disk = join(folder, 'esp.img');
  await writeFile(join(folder, 'BOOTX64.EFI'), standInEfi(standInText('bootmgfw.efi')));
  await writeFile(disk, '');
  await truncate(disk, 40 * 1024 ** 2);
  await exec(['mkfs.fat', '-F', '32', disk]);
  await exec(['mmd', '-i', disk, '::EFI', '::EFI/BOOT']);
  await exec(['mcopy', '-i', disk, join(folder, 'BOOTX64.EFI'), '::EFI/BOOT/BOOTX64.EFI']);
  const serial = join(folder, 'serial.txt');
  await writeFile(serial, '');
  const seen = new AbortController();
  const machine = exec(
    [
      'qemu-system-x86_64',
      ...['-accel', 'tcg', '-m', '256', '-machine', 'q35', '-nodefaults', '-display', 'none', '-vga', 'std'],
      // To a file: read from standard output on a busy machine, ends of lines were missing.
      ...['-serial', `file:${serial}`, '-nic', 'none', '-no-reboot'],
      ...['-drive', `if=pflash,format=raw,readonly=on,file=${FIRMWARE}`],
      ...['-drive', `if=none,id=disk,format=raw,file=${disk}`, '-device', 'virtio-blk-pci,drive=disk'],
    ],
    { signal: seen.signal, timeoutSeconds: 240 },
  );
  const end = machine.catch((error: unknown) => error);
  // Once through the console, which OVMF also shows there, and once from its own hand.
  const line = `\r\n${standInText('bootmgfw.efi')}\r\n`;
  const said = await Promise.race([end, fileToHold(serial, (text) => text.split(line).length === 3, seen.signal)]);
  seen.abort();
  expect(String(said)).toContain(line);
  expect(await end).toMatchObject({ code: 'INTERRUPTED' });
});

/** The text of a file that grows, as soon as it holds what is asked for. */
function fileToHold(path: string, enough: (text: string) => boolean, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const text = readFileSync(path, 'latin1');
      if (enough(text)) resolve(text);
    };
    watch(path, { signal }, look);
    look();
  });
}
