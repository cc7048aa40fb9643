import { expect, it } from 'vitest';
import type { Machine } from '../../../../runtime/contract/machine.ts';
import type { StepOptions } from '../../../../runtime/sequence/schema.ts';
import { unmet } from '../../../../runtime/steps/check-readiness/run.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';

const GIB = 1024 ** 3;

it.each<[Partial<StepOptions<'check-readiness'>>, Partial<Machine>]>([
  [{}, { memoryBytes: 0, disks: [], onBattery: true }],
  [{ memory: '4 GB' }, { memoryBytes: 3.7 * GIB }],
  [{ processorSpeed: 2000 }, { processorMegahertz: 2000 }],
  [{ processorSpeed: 2000 }, { processorMegahertz: 0 }],
  [{ firmware: 'bios' }, { firmware: 'bios' }],
  [{ power: 'ac' }, { onBattery: false }],
  [{ disk: { minimumSize: '32 GB' } }, { disks: [aDisk({ bytes: GIB }), aDisk()] }],
])('%o is met by %o', (options, machine) => {
  expect(unmet(options as StepOptions<'check-readiness'>, aMachine(machine))).toEqual([]);
});

it.each<[Partial<StepOptions<'check-readiness'>>, Partial<Machine>, string]>([
  [{ memory: '4 GB' }, { memoryBytes: 3 * GIB }, 'memory: 4 GB asked, 3.0 GB there'],
  [{ processorSpeed: 2000 }, { processorMegahertz: 1999 }, 'processor speed: 2000 MHz asked, 1999 MHz there'],
  [{ firmware: 'uefi' }, { firmware: 'bios' }, 'firmware: started by bios, uefi asked'],
  [{ power: 'ac' }, { onBattery: true }, 'power: the machine runs on its battery'],
  [{ disk: {} }, { disks: [] }, 'disk: none satisfies the rules'],
])('%o is not met by %o', (options, machine, line) => {
  expect(unmet(options as StepOptions<'check-readiness'>, aMachine(machine))).toEqual([line]);
});

it('names everything that is missing, and why each disk was refused', () => {
  const options = { memory: '16 GB', firmware: 'bios', disk: { bus: ['ata'] } } as StepOptions<'check-readiness'>;
  expect(unmet(options, aMachine())).toEqual([
    'memory: 16 GB asked, 8.0 GB there',
    'firmware: started by uefi, bios asked',
    'disk: none satisfies the rules',
    '  /dev/nvme0n1: 64.0 GB, nvme, Stand-in SSD, serial S1: refused, its bus is nvme, not ata',
  ]);
});
