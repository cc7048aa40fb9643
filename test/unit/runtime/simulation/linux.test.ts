import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { RecordedMachine } from '../../../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { type SimulationResult, simulate } from '../../../../runtime/simulation/simulate.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';

const WINDOWS_11 = {
  ...{ caption: 'Microsoft Windows 11 Pro', version: '10.0.22631', build: 22631, edition: 'Professional' },
  architecture: 'x64',
} as const;
const INSTALLED = { disks: [aDisk({ empty: false })], operatingSystem: WINDOWS_11 };
const LAYOUT = `{ step: format-and-partition-disk, name: Disk, volumes: [
  { type: efi, name: System, size: 260 MB }, { type: primary, name: Windows, size: 100% }] }`;
const IMAGE = '{ step: apply-operating-system, name: Image, image: windows }';
const EFI_VARIABLES = '/sys/firmware/efi/efivars';

function run(
  steps: string,
  machine: Partial<z.input<typeof RecordedMachine>> = {},
  { startsIn = 'winpe', failures = {} }: { startsIn?: string; failures?: Record<string, number> } = {},
): Promise<SimulationResult> {
  const text = `{ formatVersion: 2, id: t, name: T, startsIn: ${startsIn}, steps: [${steps}] }`;
  const { sequence, problems } = loadSequence(text, 't.yaml');
  if (sequence === undefined) throw new Error(problems.map(({ message }) => message).join());
  return simulate({
    sequence,
    machine: RecordedMachine.parse({ ...aMachine(), environment: 'linux', ...machine }),
    variables: [],
    failures: new Map(Object.entries(failures)),
    signal: new AbortController().signal,
  });
}

describe('a simulation of the Linux boot environment', () => {
  it('fails an image that libwim applies before anything comes after it', async () => {
    const { steps } = await run(`${LAYOUT}, ${IMAGE}`, {}, { failures: { Image: 7 } });
    expect(steps[1]).toMatchObject({
      outcome: 'failed',
      actions: [
        { write: '/dev/nvme0n1p2: image 1 of /tmp/volume-sdz1/mediasmith/images/windows.wim, applied by libwim' },
      ],
    });
  });

  it('makes a disk of a BIOS start by its first sector', async () => {
    const { result, steps, ending } = await run(
      `{ step: format-and-partition-disk, name: Disk }, ${IMAGE}, { step: run-command-line, command: a }`,
      { firmware: 'bios' },
    );
    expect(result).toBe('succeeded');
    expect(steps[0]?.writes).toContain('input of sfdisk: label: dos');
    expect(steps[1]?.writes.at(-1)).toBe('/tmp/volume-nvme0n1p1/Boot/BCD');
    expect(ending.writes.slice(-4)).toEqual([
      '/dev/nvme0n1: core.img of GRUB, behind the first sector',
      '/dev/nvme0n1: boot.img of GRUB in the first sector, volume 1 active',
      '/dev/nvme0n1: the claim is taken away',
      'the boot environment: restarts the machine',
    ]);
  });

  it('gives a keyboard to the registry of the applied Windows', async () => {
    const keyboard = IMAGE.replace(' }', ', layeredDriver: 6 }');
    const { writes = [] } = (await run(`${LAYOUT}, ${keyboard}`)).steps[1] ?? {};
    expect(writes).toContain('/tmp/volume-nvme0n1p2/Windows/System32/config/SYSTEM');
  });

  it('unpacks a package into the folder of a step', async () => {
    const { steps } = await run('{ step: run-command-line, name: A, command: a, package: tools }');
    expect(steps[0]?.actions).toEqual([
      { write: '/tmp/step: image 1 of /tmp/volume-sdz1/mediasmith/content.wim, unpacked by libwim' },
      { command: 'a' },
    ]);
  });

  it('clears a volume whose Windows is replaced, and takes away first what starts it', async () => {
    const { result, steps } = await run(
      '{ step: apply-operating-system, name: Image, image: windows, destination: present-windows, wipe: true }',
      INSTALLED,
    );
    expect(result).toBe('succeeded');
    const writes = steps[0]?.writes ?? [];
    const places = [/bootmgfw\.efi: is removed/, /: everything is removed but/, /applied by libwim/].map((word) =>
      writes.findIndex((line) => word.test(line)),
    );
    expect(places).not.toContain(-1);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(steps[0]?.commands).toContain('sfdisk --json /dev/nvme0n1');
  });

  it('captures a Windows to a share that the kernel mounts', async () => {
    const destination = "'\\\\server\\images\\a.wim', account: ann, password: hunter2";
    const { result, steps } = await run(
      `{ step: capture-operating-system, name: C, destination: ${destination} }`,
      INSTALLED,
    );
    expect([result, JSON.stringify(steps).includes('hunter2')]).toEqual(['succeeded', false]);
    expect(steps[0]?.writes).toEqual([
      '/tmp/medium-share: the kernel mounts \\\\server\\images, by the account ann',
      expect.stringMatching(/^\/tmp\/medium-share\/a\.wim: .* from \/dev\/nvme0n1p3 by libwim$/),
      '/tmp/medium-share/a.wim.json',
    ]);
    expect(steps[0]?.commands.at(-1)).toBe('umount /tmp/medium-share');
  });

  it('has no files of Windows to ask, whatever was recorded', async () => {
    const system = { files: { 'C:\\a': { modified: '2025-01-01T00:00:00Z' } } };
    const condition = "condition: { file: 'C:\\a' }";
    const { failed } = await run(`{ step: run-command-line, name: A, command: a, ${condition} }`, { system });
    expect(failed?.reason).toContain('the Linux boot environment has no files of Windows to ask');
  });

  it('is started once more by the firmware', async () => {
    const restart = '{ step: restart-computer, name: R, target: winpe }, { step: run-command-line, command: b }';
    const { result, steps } = await run(`${LAYOUT}, ${restart}`);
    expect(result).toBe('succeeded');
    expect(steps[1]?.writes).toEqual([
      expect.stringMatching(/_SMSTaskSequence\/journal$/),
      `${EFI_VARIABLES}/BootNext-8be4df61-93ca-11d2-aa0d-00e098032b8c: what BootCurrent says`,
      'the boot environment: restarts the machine',
    ]);
  });

  it.each([
    ['', true],
    [`${LAYOUT},`, false],
  ])('takes away at the end what a Windows has put there to start it, after %j', async (layout, stillThere) => {
    const { ending } = await run(
      `{ step: restart-computer, name: R, target: winpe }, ${layout} { step: run-command-line, command: b }`,
      INSTALLED,
      { startsIn: 'full-os' },
    );
    const removed = '/tmp/volume-nvme0n1p1/EFI/Mediasmith: is removed';
    expect(ending.writes.includes(removed)).toBe(stillThere);
    expect(ending.writes).toContainEqual(expect.stringMatching(/\/BootOrder-8be4df61-.*: without that entry$/));
    expect(ending.commands[0]).toBe(
      'mount -t vfat -o ro,iocharset=utf8,shortname=mixed /dev/nvme0n1p1 /tmp/volume-nvme0n1p1',
    );
  });
});
