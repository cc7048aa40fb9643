import {
  type MachineEnd,
  VirtualMachine,
  type VirtualMachineOptions,
} from '../../builder/boot-test/virtual-machine.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';

export const GIB = 1024 ** 3;

/** What the machines of these tests have; little, so that a boot environment that grows is noticed. */
export const MEMORY_MIB = 768;

/** Far beyond what a run takes in emulation on a busy computer. */
const RUN_SECONDS = 400;
const LAST_LINES = 40;

export type FinishedEvent = Extract<RunEvent, { event: 'finished' }>;
export type MachineRun = { events: RunEvent[]; finished: FinishedEvent; end: MachineEnd['reason'] };
type Options = Omit<VirtualMachineOptions, 'memoryMiB'>;

/** Runs a machine until its runtime has finished and the machine has ended; one that stays in a shell is switched off. */
export async function runToEnd(
  options: Options,
  meanwhile: (machine: VirtualMachine) => Promise<void> = async () => {},
): Promise<MachineRun> {
  await using machine = await VirtualMachine.start({ ...options, memoryMiB: MEMORY_MIB });
  const events: RunEvent[] = [];
  machine.onEvent((event) => events.push(event));
  const ended = waitForEvent(machine, ({ event }) => event === 'finished');
  const [finished] = await Promise.all([ended, meanwhile(machine)]);
  if (finished.event !== 'finished') throw new Error('unreachable: another event than the one waited for');
  if (finished.action === 'shell') await machine.cut();
  return { events, finished, end: (await machine.exited).reason };
}

/** Runs a machine until an event comes, and cuts its power at that moment. What it had said until then comes back. */
export async function runAndCut(options: Options, moment: (event: RunEvent) => boolean): Promise<RunEvent[]> {
  await using machine = await VirtualMachine.start({ ...options, memoryMiB: MEMORY_MIB });
  const events: RunEvent[] = [];
  machine.onEvent((event) => events.push(event));
  await waitForEvent(machine, moment);
  await machine.cut();
  return events;
}

/** Where the event does not come, the error shows what the machine said last. */
async function waitForEvent(machine: VirtualMachine, wanted: (event: RunEvent) => boolean): Promise<RunEvent> {
  try {
    return await machine.waitForEvent(wanted, { seconds: RUN_SECONDS });
  } catch (cause) {
    throw new Error(`${cause}\n${machine.lines().slice(-LAST_LINES).join('\n')}`, { cause });
  }
}
