import type { Machine } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { RunState, StepContext } from '../../../../runtime/steps/context.ts';
import { writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

export type ContextWish = {
  machine?: Machine;
  name?: FakePlatform['name'];
  state?: RunState;
  /** What a program answers, by its command line. */
  exitCode?: (line: string) => number;
};

/** A context for one step alone, over a platform that a test can change before; `ran` has the command lines. */
export async function stepContext({ machine = aMachine(), name = 'winpe', state = {}, exitCode }: ContextWish = {}) {
  const folder = await temporaryFolder();
  const platform = new FakePlatform(folder, { machine, name });
  const manifest = await writeFakeMedium(folder, []);
  const variables = new Variables();
  const ran: string[] = [];
  const logged: string[] = [];
  const exec: StepContext['exec'] = async (argv) => {
    ran.push(argv.join(' '));
    if ((exitCode?.(argv.join(' ')) ?? 0) !== 0) throw new Error(`${argv[0]} has failed`);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const context: StepContext = {
    platform,
    exec,
    run: exec,
    machine,
    medium: { root: folder, device: '/dev/sr0', disk: 'sr0', launchMode: 'DVD', manifest },
    variables,
    facts: { variables, machine, system: platform.facts },
    state,
    images: [],
    fills: [],
    attempt: 1,
    ask: undefined,
    logFile: '',
    emit: () => {},
    signal: new AbortController().signal,
    log: (level, message) => logged.push(`${level}: ${message}`),
    progress: () => () => {},
    wait: async () => {},
    temporaryFolder: platform.temporaryFolder,
    requestRestart: () => {},
    atHandover: () => {},
    keepState: async () => {},
  };
  return { context, platform, variables, ran, logged };
}
