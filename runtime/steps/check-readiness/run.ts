import { chooseDisks, describeChoice } from '../../contract/disk-rules.ts';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { Machine } from '../../contract/machine.ts';
import { parseSize } from '../../contract/size.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

type Options = StepOptions<'check-readiness'>;

/** Firmware and graphics keep a part of the memory for themselves; a machine sold as 4 GB shows a little less. */
const MEMORY_TOLERANCE = 0.9;

export const runCheckReadiness: Run<Options> = async (options, context) => {
  const lines = unmet(options, context.machine);
  for (const line of lines) context.log('error', line);
  if (lines.length === 0) return;
  throw new MediasmithError('READINESS_FAILED', `the machine does not meet ${lines.length} of the requirements`, {
    lines,
    hint: 'Nothing on it was changed.',
  });
};

/** What the machine lacks, a line each. Pure. */
export function unmet(options: Options, machine: Machine): string[] {
  const lines: string[] = [];
  const { memory, processorSpeed, firmware, power, disk } = options;
  if (memory !== undefined && machine.memoryBytes < parseSize(memory) * MEMORY_TOLERANCE) {
    lines.push(`memory: ${memory} asked, ${formatBytes(machine.memoryBytes)} there`);
  }
  if (processorSpeed !== undefined && machine.processorMegahertz > 0 && machine.processorMegahertz < processorSpeed) {
    lines.push(`processor speed: ${processorSpeed} MHz asked, ${machine.processorMegahertz} MHz there`);
  }
  if (firmware !== undefined && machine.firmware !== firmware) {
    lines.push(`firmware: started by ${machine.firmware}, ${firmware} asked`);
  }
  if (power === 'ac' && machine.onBattery) lines.push('power: the machine runs on its battery');
  if (disk !== undefined) {
    const choice = chooseDisks(machine.disks, disk);
    if (choice.candidates.length === 0)
      lines.push('disk: none satisfies the rules', ...describeChoice(choice).map((line) => `  ${line}`));
  }
  return lines;
}
