import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TargetDisk } from '../../../../runtime/platform/platform.ts';
import { nobody } from '../../../helpers/asking.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aDisk } from '../../../helpers/machine.ts';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { append, Machine } from '../../../helpers/restarting-machine.ts';
import { writeFiles } from '../../../helpers/temporary-folder.ts';
import { volume } from '../steps/captured-disk.ts';

const GIB = 1024 ** 3;
const APPLY = { step: 'apply-operating-system', image: 'windows', destination: 'present-windows', wipe: true };
const STEPS = [append('A'), APPLY, append('A')];
const SYSTEM = 'Windows/System32/config/SYSTEM';
const STORE = 'StateStore/PC1/USMT/USMT.MIG';

const DISK: TargetDisk = {
  device: aDisk().device,
  style: 'gpt',
  identity: '20000000-0000-4000-8000-000000000001',
  volumes: [
    volume(1, { name: 'System', role: 'system', fileSystem: 'fat32', bytes: GIB, device: '/dev/nvme0n1p1' }),
    volume(2, { name: 'Windows', bytes: 64 * GIB, device: '/dev/nvme0n1p2' }),
  ],
};

/** The machine shows a Windows as long as there is one. */
function show(platform: FakePlatform): void {
  platform.present = [DISK];
  const windows = DISK.volumes[1];
  if (windows !== undefined && existsSync(join(platform.volume('Windows'), SYSTEM)))
    platform.installed = [{ ...DISK, windows }];
}

async function aUsedMachine(): Promise<Machine> {
  const machine = await Machine.withMedium(STEPS, { unattended: true });
  await writeFiles(join(machine.folder, 'volumes/Windows'), { [SYSTEM]: 'old', [STORE]: 'the state', 'old.txt': 'x' });
  return machine;
}

it('goes on after a cut at any write of its state, with nobody there, and keeps the user state', async () => {
  const life = { ask: nobody, change: show };
  let cuts = 0;
  for (let write = 1; ; write++) {
    const machine = await aUsedMachine();
    const { end } = await machine.start({ ...life, cut: new PowerCut(write, 1) });
    const root = join(machine.folder, 'volumes/Windows');
    expect(await readFile(join(root, STORE), 'utf8')).toBe('the state');
    // A disk that starts has a whole Windows: the old one or the new one.
    const names = await readdir(root);
    if (machine.disk.starts) expect(names.includes('old.txt') || names.includes('unpacked.txt')).toBe(true);
    if (end !== 'cut') break;
    cuts++;
    await machine.runToEnd(life);
    expect(machine.disk.starts).toBe(true);
    expect(await readFile(join(root, STORE), 'utf8')).toBe('the state');
    expect(await readdir(root)).toEqual(expect.arrayContaining(['StateStore', 'unpacked.txt']));
    expect(await readdir(root)).not.toContain('old.txt');
  }
  expect(cuts).toBeGreaterThan(3);
}, 60_000);
