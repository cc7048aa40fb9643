import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBootTest } from '../../builder/boot-test/boot-test.ts';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { bootDisk } from '../../builder/boot-test/disk-boot.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { formatEventLine } from '../../runtime/contract/event-line.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';

const STARTED: RunEvent = { event: 'runtime-started', version: '1', platform: 'linux', uptimeSeconds: 1 };
const VERIFY: RunEvent = { event: 'phase', phase: 'verify' };
const STEP = { index: 1, of: 1, name: 'Set', type: 'set-variable' } as const;
const STEP_FINISHED: RunEvent = { event: 'step-finished', ...STEP, outcome: 'succeeded', seconds: 0.5 };
const SUCCEEDED: RunEvent = { event: 'finished', outcome: 'succeeded', action: 'restart' };

let folder: string;
let medium: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  medium = join(folder, 'medium.img');
});

afterEach(async () => {
  const left = await processesOf(folder);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true });
  expect(left).toEqual([]);
});

describe('a virtual machine', () => {
  it('gives the lines, the events and the picture of a medium that then restarts', async () => {
    await writeFile(
      medium,
      bootSector(`noise ${formatEventLine(STARTED)}\r\n\u001b[1mbold\u001b[0m\r\n`, 'key-then-reset'),
    );
    await using machine = await VirtualMachine.start({ firmware: 'bios', folder, medium: { path: medium, as: 'usb' } });
    const events: RunEvent[] = [];
    machine.onEvent((event) => events.push(event));

    expect(await machine.waitForEvent((event) => event.event === 'runtime-started', { seconds: 60 })).toEqual(STARTED);
    expect(await machine.waitForLine(/^bold$/, { seconds: 10 })).toBe('bold');
    const picture = join(folder, 'picture.png');
    await machine.screenshot(picture);
    await machine.sendKeys('a');

    expect((await machine.exited).reason).toBe('guest-reset');
    expect(events).toEqual([STARTED]);
    expect(await pngSize(picture)).toEqual({ width: 720, height: 400 });
    expect(await readFile(machine.serialLog, 'utf8')).toContain('\u001b[1mbold');
    await expect(machine.waitForLine(/never/, { seconds: 10 })).rejects.toThrow(/machine restarted, before a line/);
    await expect(machine.screenshot(picture)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('keeps what the system had written to its disk when the power is cut, and ends at once', async () => {
    const disk = join(folder, 'disk.img');
    await createDisk(disk, 1024 * 1024);
    await writeFile(medium, bootSector('up\r\n', 'write-then-halt'));
    await using machine = await VirtualMachine.start({
      firmware: 'bios',
      folder,
      medium: { path: medium, as: 'usb' },
      disks: [{ path: disk, bus: 'ahci' }],
    });
    await machine.waitForLine(/^!$/, { seconds: 60 });
    const waiting = machine.waitForLine(/never/, { seconds: 60 });
    const [end] = await Promise.all([machine.cut(), expect(waiting).rejects.toMatchObject({ lines: ['up', '!'] })]);

    expect(end.reason).toBe('killed');
    expect(await processesOf(folder)).toEqual([]);
    expect((await readFile(disk)).subarray(512, 514).toString('latin1')).toBe('up');
  });

  it('lets its stick be pulled out once, while it runs', async () => {
    await writeFile(medium, bootSector('up\r\n', 'halt'));
    await using machine = await VirtualMachine.start({ firmware: 'bios', folder, medium: { path: medium, as: 'usb' } });
    await machine.waitForLine(/^up$/, { seconds: 60 });
    await machine.pullStick();
    await expect(machine.pullStick()).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('tells what QEMU says when it refuses the hardware', async () => {
    const start = VirtualMachine.start({
      firmware: 'bios',
      folder,
      disks: [{ path: join(folder, 'none'), bus: 'nvme' }],
    });
    await expect(start).rejects.toMatchObject({ code: 'TOOL_FAILED', lines: [expect.stringMatching(/No such file/)] });
  });

  it('ends when the signal is aborted', async () => {
    await writeFile(medium, bootSector('up\r\n', 'halt'));
    const abort = new AbortController();
    const { signal } = abort;
    await using machine = await VirtualMachine.start({
      firmware: 'bios',
      folder,
      medium: { path: medium, as: 'usb' },
      signal,
    });
    abort.abort();
    expect((await machine.exited).reason).toBe('killed');
  });

  it('ends with a process that is killed itself', async () => {
    const module = new URL('../../builder/boot-test/virtual-machine.ts', import.meta.url);
    const script = `const { VirtualMachine } = await import('${module}');
      await VirtualMachine.start({ firmware: 'bios', folder: '${folder}' });
      console.log('pid ' + process.pid);`;
    const started = Promise.withResolvers<number>();
    const onLine = (line: string) => /^pid \d+$/.test(line) && started.resolve(Number(line.slice(4)));
    const child = exec([process.execPath, '--input-type=module', '-e', script], { onLine }).catch(() =>
      started.reject(),
    );
    const pid = await started.promise;
    expect(await processesOf(folder)).toHaveLength(2);
    process.kill(pid, 'SIGKILL');
    await child;
    await vi.waitFor(async () => expect(await processesOf(folder)).toEqual([]), 10_000);
  });

  it('tells a failure of QEMU from an end of the machine', async () => {
    await using machine = await VirtualMachine.start({ firmware: 'bios', folder });
    for (const pid of await processesOf(folder)) process.kill(pid, 'SIGKILL');
    expect(await machine.exited).toMatchObject({ reason: 'failed', error: { code: 'TOOL_FAILED' } });
  });

  it.each(['ahci', 'nvme', 'virtio', 'usb', 'scsi'] as const)('boots a disk on %s', async (bus) => {
    await writeFile(medium, bootSector(`here is ${bus}\r\n`, 'halt'));
    await using machine = await VirtualMachine.start({ firmware: 'bios', folder, disks: [{ path: medium, bus }] });
    expect(await machine.waitForLine(/here/, { seconds: 60 })).toBe(`here is ${bus}`);
  });

  it('boots the medium before the disk', async () => {
    const disk = join(folder, 'disk.img');
    await writeFile(disk, bootSector('the disk\r\n', 'halt'));
    await writeFile(medium, bootSector('the medium\r\n', 'halt'));
    const hardware = { medium: { path: medium, as: 'usb' }, disks: [{ path: disk, bus: 'virtio' }] } as const;
    await using machine = await VirtualMachine.start({ firmware: 'bios', folder, ...hardware });
    expect(await machine.waitForLine(/^the/, { seconds: 60 })).toBe('the medium');
  });

  it.each([
    ['uefi', /^the unsigned loader runs$/],
    ['secureboot', /^BdsDxe: failed to load .*QEMU USB.*: Access Denied$/],
  ] as const)('starts %s firmware, which judges a boot file without a signature', async (firmware, judgement) => {
    const loader = join(folder, 'loader.efi');
    await writeFile(loader, unsignedLoader('the unsigned loader runs\r\n'));
    await createDisk(medium, 4 * 1024 * 1024);
    await exec(['mkfs.fat', medium]);
    await exec(['mmd', '-i', medium, '::/EFI', '::/EFI/BOOT']);
    await exec(['mcopy', '-i', medium, loader, '::/EFI/BOOT/BOOTX64.EFI']);
    await using machine = await VirtualMachine.start({ firmware, folder, medium: { path: medium, as: 'usb' } });
    expect(await machine.waitForLine(/BdsDxe: failed|loader runs/, { seconds: 120 })).toMatch(judgement);
  });
});

describe('a boot test', () => {
  const test = (as: 'cdrom' | 'usb', secondsSilent = 60) =>
    runBootTest({ medium, firmware: 'bios', as, diskBytes: 1024 * 1024, folder, secondsSilent });

  it('passes a medium whose runtime finishes and restarts the machine', async () => {
    await writeFile(medium, bootSector(events(STARTED, VERIFY, STEP_FINISHED, SUCCEEDED), 'reset'));
    const result = await test('usb');
    expect(result).toMatchObject({ passed: true, lastLines: [] });
    expect(result.steps).toEqual([{ name: 'Set', type: 'set-variable', ok: true, skipped: false, seconds: 0.5 }]);
    expect(result.secondsToRuntime).toBeGreaterThan(0);
    expect(result.screenshots.map((path) => path.slice(folder.length))).toEqual([
      '/screenshots/01-verify.png',
      '/screenshots/end.png',
    ]);
    for (const path of result.screenshots) expect((await pngSize(path)).width).toBeGreaterThan(0);
    await expect(stat(result.disk)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fails a medium that restarts before its runtime has finished, on an optical disc', async () => {
    const sector = join(folder, 'sector.bin');
    await writeFile(sector, bootSector(events(STARTED, VERIFY), 'reset'));
    const boot = ['-b', 'sector.bin', '-no-emul-boot', '-boot-load-size', '1'];
    await exec([
      'xorriso',
      '-as',
      'mkisofs',
      '-quiet',
      ...boot,
      '-o',
      medium,
      '-graft-points',
      `/sector.bin=${sector}`,
    ]);
    expect(await test('cdrom')).toMatchObject({ passed: false, failure: 'the machine restarted in phase verify' });
  });

  it('fails a medium that shuts the machine down where it had announced a restart', async () => {
    await writeFile(medium, bootSector(events(STARTED, SUCCEEDED), 'shutdown'));
    expect(await test('usb')).toMatchObject({
      passed: false,
      failure: expect.stringMatching(/shut down after .*: restart/),
    });
  });

  it('has null for the time to a runtime that never came', async () => {
    await writeFile(medium, bootSector('no runtime\r\n', 'shutdown'));
    expect(await test('usb')).toMatchObject({ passed: false, secondsToRuntime: null });
  });

  it('fails a medium that goes silent, with its last lines and a picture', async () => {
    await writeFile(medium, bootSector(`${events(STARTED)}last words\r\n`, 'halt'));
    const result = await test('usb', 5);
    expect(result).toMatchObject({
      passed: false,
      failure: expect.stringMatching(/nothing came .* after the runtime had/),
    });
    expect(result.lastLines.at(-1)).toBe('last words');
    expect(result.screenshots).toHaveLength(1);
  });
});

describe('the start of a disk', () => {
  it('passes when the line comes and fails when another machine ends without it', async () => {
    await writeFile(medium, bootSector('Windows is here\r\n', 'shutdown'));
    const start = (expectLine: RegExp) => bootDisk({ disk: medium, firmware: 'bios', expectLine, seconds: 60, folder });
    expect(await start(/Windows/)).toMatchObject({ passed: true, line: 'Windows is here' });
    expect(await start(/Linux/)).toMatchObject({ passed: false, failure: expect.stringMatching(/shut down, before/) });
  });
});

const ENDINGS = {
  // cli; l: hlt; jmp l
  halt: [0xfa, 0xf4, 0xeb, 0xfd],
  // mov al, 0xfe; out 0x64, al (the keyboard controller's reset line)
  reset: [0xb0, 0xfe, 0xe6, 0x64, 0xf4],
  // mov dx, 0x604; mov ax, 0x2000; out dx, ax (ACPI PM1a control: sleep enable with type S5)
  shutdown: [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4],
  // xor ah, ah; int 0x16 (wait for a key), then the reset
  'key-then-reset': [0x30, 0xe4, 0xcd, 0x16, 0xb0, 0xfe, 0xe6, 0x64, 0xf4],
  // mov ax, 0x0301; mov bx, text; mov cx, 2; mov dx, 0x0081; int 0x13 (write one sector: cylinder 0, head 0, sector 2,
  // second disk); then "!" and the end of its line to the serial port; cli; hlt
  'write-then-halt': [
    ...[0xb8, 0x01, 0x03, 0xbb, 0x40, 0x7c, 0xb9, 0x02, 0x00, 0xba, 0x81, 0x00, 0xcd, 0x13],
    ...[0xba, 0xf8, 0x03, 0xb0, 0x21, 0xee, 0xb0, 0x0a, 0xee, 0xfa, 0xf4],
  ],
};

/** A disk of 1 MiB whose first sector a BIOS boots: it writes the text to COM1 and then does what `ending` says. */
function bootSector(text: string, ending: keyof typeof ENDINGS): Buffer {
  const code = [
    ...[0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0xfc, 0xbe, 0x40, 0x7c], // xor ax, ax; mov ds, ax; mov es, ax; cld; mov si, text
    ...[0xac, 0x84, 0xc0, 0x74, 0x11], // next: lodsb; test al, al; jz end
    ...[0x88, 0xc4, 0xba, 0xfd, 0x03], // mov ah, al; mov dx, 0x3fd
    ...[0xec, 0xa8, 0x20, 0x74, 0xfb], // wait: in al, dx; test al, 0x20 (room in the port); jz wait
    ...[0x88, 0xe0, 0xb2, 0xf8, 0xee, 0xeb, 0xea], // mov al, ah; mov dl, 0xf8; out dx, al; jmp next
  ];
  const sector = Buffer.alloc(1024 * 1024);
  Buffer.from([...code, ...ENDINGS[ending]]).copy(sector);
  if (sector.write(text, 0x40, 510 - 0x40, 'latin1') < text.length) throw new Error(`too long: ${text}`);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** An UEFI program (PE32+, one section, position independent) that writes the text to COM1 and halts. */
function unsignedLoader(text: string): Buffer {
  const file = Buffer.alloc(0x400);
  file.write('MZ', 0);
  file.writeUInt32LE(0x40, 0x3c);
  file.write('PE', 0x40);
  file.writeUInt16LE(0x8664, 0x44); // x64
  file.writeUInt16LE(1, 0x46); // sections
  file.writeUInt16LE(0xf0, 0x54); // size of the optional header
  file.writeUInt16LE(0x22, 0x56); // executable, large addresses
  const optional = 0x58;
  file.writeUInt16LE(0x20b, optional);
  file.writeUInt32LE(0x1000, optional + 0x10); // entry point
  file.writeUInt32LE(0x1000, optional + 0x20); // section alignment
  file.writeUInt32LE(0x200, optional + 0x24); // file alignment
  file.writeUInt32LE(0x2000, optional + 0x38); // size of the image
  file.writeUInt32LE(0x200, optional + 0x3c); // size of the headers
  file.writeUInt16LE(10, optional + 0x44); // subsystem: EFI application
  file.writeUInt32LE(16, optional + 0x6c); // data directories
  const section = optional + 0xf0;
  file.write('.text', section);
  for (const [index, value] of [0x200, 0x1000, 0x200, 0x200].entries())
    file.writeUInt32LE(value, section + 8 + index * 4);
  file.writeUInt32LE(0x60000020, section + 0x24); // code, executable, readable
  Buffer.from([
    ...[0x48, 0x8d, 0x35, 0x39, 0x00, 0x00, 0x00, 0xfc], // lea rsi, [rip + text]; cld
    ...[0xac, 0x84, 0xc0, 0x74, 0x13, 0x88, 0xc4, 0xba, 0xfd, 0x03, 0x00, 0x00], // as in the boot sector
    ...[0xec, 0xa8, 0x20, 0x74, 0xfb, 0x88, 0xe0, 0xb2, 0xf8, 0xee, 0xeb, 0xe8, 0xf4, 0xeb, 0xfd],
  ]).copy(file, 0x200);
  file.write(text, 0x240, 'latin1');
  return file;
}

function events(...list: RunEvent[]): string {
  return list.map((event) => `${formatEventLine(event)}\r\n`).join('');
}

/** The processes whose command line has this text. */
async function processesOf(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => lines[index]?.includes(text)).map(Number);
}

async function pngSize(path: string): Promise<{ width: number; height: number }> {
  const png = await readFile(path);
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
