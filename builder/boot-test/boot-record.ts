import type { RunEvent } from '../../runtime/contract/events.ts';
import type { MachineEnd } from './virtual-machine.ts';

export type BootedStep = { name: string; type: string; ok: boolean; skipped: boolean; seconds: number };

/** Why following a machine ended: it ended itself, or the one who follows had seen or waited enough. */
export type FollowEnd = MachineEnd['reason'] | 'silent' | 'timeout' | 'shell';

type Finished = Extract<RunEvent, { event: 'finished' }>;

/** What a boot test has heard from the runtime so far. */
export class BootRecord {
  readonly steps: BootedStep[] = [];
  secondsToRuntime: number | undefined;
  finished: Finished | undefined;
  #doing: string | undefined;

  /** `seconds` since the machine was switched on. */
  add(event: RunEvent, seconds: number): void {
    if (event.event === 'runtime-started') this.secondsToRuntime ??= seconds;
    if (event.event === 'phase') this.#doing = `phase ${event.phase}`;
    if (event.event === 'step-started') this.#doing = `step ${event.index} of ${event.of}, ${event.name}`;
    if (event.event === 'step-finished') {
      const { name, type, outcome } = event;
      this.steps.push({ name, type, ok: outcome !== 'failed', skipped: outcome === 'skipped', seconds: event.seconds });
    }
    if (event.event === 'finished') this.finished = event;
  }

  /** Why the test has failed, or undefined when it has passed. */
  failure(end: FollowEnd): string | undefined {
    if (this.finished === undefined) return `${ENDS[end]} ${this.#where()}`;
    if (this.finished.outcome === 'failed') return `the sequence failed: ${this.finished.error ?? 'no reason given'}`;
    if (end === EXPECTED_END[this.finished.action]) return undefined;
    return `${ENDS[end]} after the sequence had finished and announced: ${this.finished.action}`;
  }

  #where(): string {
    if (this.secondsToRuntime === undefined) return 'before the runtime had started';
    return this.#doing === undefined ? 'after the runtime had started' : `in ${this.#doing}`;
  }
}

const EXPECTED_END = { restart: 'guest-reset', shutdown: 'guest-shutdown', shell: 'shell' } as const;

const ENDS: Record<FollowEnd, string> = {
  'guest-reset': 'the machine restarted',
  'guest-shutdown': 'the machine shut down',
  killed: 'the machine was switched off',
  failed: 'the virtual machine failed',
  silent: 'nothing came over the serial port for too long',
  timeout: 'the time was over',
  shell: 'the runtime stayed in its shell',
};
