import type { Variables } from '../contract/variables.ts';
import type { RestartNotice } from '../steps/context.ts';
import { messageOf } from './report-failure.ts';
import type { Restart, RunServices } from './runner.ts';

type Services = Pick<RunServices, 'ask' | 'emit' | 'signal' | 'variables' | 'wait'>;

const WHAT = 'The machine restarts';

/**
 * Says that the machine restarts and waits as long as the step says, else ConfigMgr's variables (Microsoft: "Task sequence
 * variables"); without either there is nothing to wait for. Who is there may end it by a key. An interruption is thrown.
 */
export async function countDownToRestart(
  { by, notice = {} }: Pick<Restart, 'by' | 'notice'>,
  services: Services,
): Promise<void> {
  if (by !== 'restart') return;
  const { variables } = services;
  const log = logger(services);
  const message = notice.message || variables.get('SMSTSRebootMessage');
  const seconds = notice.seconds ?? delayOf(variables, log);
  if (message !== undefined) log('info', message);
  if (seconds > 0) {
    log('info', `the machine restarts in ${seconds} s`);
    await countDown({ message, seconds }, services);
  }
  const next = variables.get('SMSTSRebootDelayNext');
  if (next !== undefined) variables.set('SMSTSRebootDelay', next);
}

type Log = (level: 'info' | 'warning', message: string) => void;

function logger({ emit }: Services): Log {
  return (level, message) => emit({ event: 'log', level, component: 'engine', message });
}

function delayOf(variables: Variables, log: Log): number {
  const text = variables.get('SMSTSRebootDelay')?.trim() ?? '';
  if (text === '') return 0;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  log('warning', `SMSTSRebootDelay is "${text}", which is no number of seconds: the machine restarts at once`);
  return 0;
}

async function countDown({ message, seconds }: RestartNotice & { seconds: number }, services: Services): Promise<void> {
  const { ask, emit, signal, wait } = services;
  try {
    if (ask !== undefined) {
      await ask.key(message ?? `${WHAT} soon.`, ['ENTER'], { seconds, what: WHAT, goesOn: true });
      return;
    }
  } catch (error) {
    signal.throwIfAborted();
    logger(services)('warning', `nobody can be told of the restart: ${messageOf(error)}`);
  }
  for (let left = seconds; left > 0; left--) {
    emit({ event: 'countdown', what: WHAT, left, of: seconds, ...(message !== undefined && { message }) });
    await wait(1, signal);
  }
}
