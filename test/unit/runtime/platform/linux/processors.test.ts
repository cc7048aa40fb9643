import { expect, it } from 'vitest';
import { parseProcessors } from '../../../../../runtime/platform/linux/processors.ts';

const thread = (number: number, socket: number, core: number) => `processor\t: ${number}
vendor_id\t: AuthenticAMD
model name\t: Chip 4: fast
cpu MHz\t\t: ${1000 + number}.4
physical id\t: ${socket}
siblings\t: 4
core id\t\t: ${core}
cpu cores\t: 2
`;

it('has one processor for each socket', () => {
  const cpuinfo = [thread(0, 0, 0), thread(1, 1, 0), thread(2, 0, 1), thread(3, 0, 0), thread(4, 0, 1)].join('\n');
  const chip = { name: 'Chip 4: fast', manufacturer: 'AuthenticAMD', cores: 2 };
  expect(parseProcessors(cpuinfo, 0)).toEqual([
    { ...chip, logicalProcessors: 4, megahertz: 1004 },
    { ...chip, logicalProcessors: 1, megahertz: 1001 },
  ]);
});

it('takes the rated speed', () => {
  expect(parseProcessors(thread(0, 0, 0), 4200)).toMatchObject([{ megahertz: 4200 }]);
});

it('does with what other processors say of themselves', () => {
  const cpuinfo = 'processor\t: 0\nBogoMIPS\t: 50.00\n\nprocessor\t: 1\nBogoMIPS\t: 50.00\n\nHardware\t: Board\n';
  expect(parseProcessors(cpuinfo, 0)).toEqual([
    { name: '', manufacturer: '', cores: 2, logicalProcessors: 2, megahertz: 0 },
  ]);
  expect(parseProcessors('', 0)).toEqual([]);
});
