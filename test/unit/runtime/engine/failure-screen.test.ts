import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { askAboutFailure } from '../../../../runtime/engine/ask-about-failure.ts';
import { drawFailure } from '../../../../runtime/engine/failure-screen.ts';
import { redactor } from '../../../../runtime/host/exec.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import type { Ask } from '../../../../runtime/steps/context.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';

const steps = [{ step: 'set-variable', variable: 'A', value: 'a' }];
const LOG = 'X:\\Windows\\Temp\\SMSTSLog\\smsts.log';
const DISM = new MediasmithError('IMAGE_APPLY_FAILED', 'the image could not be applied to W:\\', {
  where:
    'X:\\Windows\\System32\\dism.exe /Apply-Image /ImageFile:D:\\mediasmith\\images\\windows.wim /Index:1 /ApplyDir:W:\\',
  lines: [
    'Deployment Image Servicing and Management tool',
    'Error: 1393',
    'The disk structure is corrupted and unreadable.',
  ],
  hint: 'The disk may be failing: try another.',
  exitCode: 1393,
});
const VIEW = {
  ...{ sequence: 'Install Windows 11', step: '2 of 7, Apply Operating System (apply-operating-system)' },
  ...{ error: DISM, logFile: LOG, commandPrompt: true },
};

describe('the screen', () => {
  it('says what failed, why, where, and what can be done', () => {
    expect(drawFailure(VIEW)).toMatchInlineSnapshot(`
      "===============================================================================
      The task sequence "Install Windows 11" has failed.

      Step:   2 of 7, Apply Operating System (apply-operating-system)
      Error:  the image could not be applied to W:\\
      Code:   IMAGE_APPLY_FAILED (exit code 1393)
      Where:  X:\\Windows\\System32\\dism.exe /Apply-Image
              /ImageFile:D:\\mediasmith\\images\\windows.wim /Index:1 /ApplyDir:W:\\
      To do:  The disk may be failing: try another.

          Deployment Image Servicing and Management tool
          Error: 1393
          The disk structure is corrupted and unreadable.

      Log:    X:\\Windows\\Temp\\SMSTSLog\\smsts.log

      R  Retry the step              M  Back to the sequence menu   P  Command prompt
      S  Restart                     D  Shut down"
    `);
  });

  it('offers no command prompt where there is none, and does without a tail', () => {
    expect(
      drawFailure({ ...VIEW, error: new TypeError('x is not a function'), commandPrompt: false }),
    ).toMatchInlineSnapshot(`
      "===============================================================================
      The task sequence "Install Windows 11" has failed.

      Step:   2 of 7, Apply Operating System (apply-operating-system)
      Error:  x is not a function

      Log:    X:\\Windows\\Temp\\SMSTSLog\\smsts.log

      R  Retry the step              M  Back to the sequence menu
      S  Restart                     D  Shut down"
    `);
  });

  it('fits a console whatever is in it, with the end of what the program said', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'y'.repeat(200)}`);
    const long = 'word '.repeat(500);
    const error = new MediasmithError('TOOL_FAILED', long, {
      where: 'z'.repeat(32_000),
      hint: long,
      lines,
      exitCode: 1,
    });
    const drawn = drawFailure({ ...VIEW, sequence: long, step: long, error, logFile: long }).split('\n');
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(80);
    expect(drawn.join('\n')).toContain('line 199');
    const usual = drawFailure({ ...VIEW, error: new MediasmithError('TOOL_FAILED', 'it failed', { lines }) }).split(
      '\n',
    );
    // With the empty line above and the prompt below.
    expect(usual.length + 2).toBeLessThanOrEqual(25);
  });
});

type Wish = {
  ask: Ask;
  onFailure?: string;
  variables?: Record<string, string>;
  prompt?: () => Promise<void>;
  error?: unknown;
};

async function fail({ ask, onFailure = 'shutdown', variables = {}, prompt, error = DISM }: Wish) {
  const set = new Variables();
  for (const [name, value] of Object.entries(variables)) set.set(name, value, { secret: name === 'Password' });
  const events: RunEvent[] = [];
  const verdict = await askAboutFailure(
    { step: 'A step', error },
    {
      sequence: Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', onFailure, steps }),
      variables: set,
      platform: { openCommandPrompt: prompt },
      ...{ ask, logFile: LOG, emit: (event: RunEvent) => void events.push(event), hide: redactor(set.secrets()) },
    },
  );
  return { verdict, events };
}

describe('asked about a failure', () => {
  it.each([
    ['R', 'retry'],
    ['M', 'menu'],
    ['S', 'restart'],
    ['D', 'shutdown'],
    [undefined, 'end'],
  ])('%s means %s', async (key, verdict) => {
    expect((await fail({ ask: new Answers(key) })).verdict).toBe(verdict);
  });

  it.each([
    [{}, 'restart', { seconds: 900, what: 'The machine restarts' }],
    [{ SMSTSErrorDialogTimeout: '60' }, 'shell', { seconds: 60, what: 'The run ends' }],
    [{ SMSTSErrorDialogTimeout: 'soon' }, 'shutdown', { seconds: 900, what: 'The machine shuts down' }],
    [{ SMSTSErrorDialogTimeout: '0' }, 'shutdown', undefined],
  ])('waits as ConfigMgr does: %j, then %s', async (variables, onFailure, countdown) => {
    const ask = new Answers('R');
    await fail({ ask, variables, onFailure });
    expect(ask.asked).toEqual([[expect.any(String), ['R', 'M', 'S', 'D'], countdown]]);
  });

  it('a command prompt is opened beside it, and nothing counts down behind somebody who works', async () => {
    const opened: string[] = [];
    const ask = new Answers('P', 'P', 'D');
    const { verdict } = await fail({ ask, prompt: async () => void opened.push('prompt') });
    expect([verdict, opened]).toEqual(['shutdown', ['prompt', 'prompt']]);
    expect(ask.asked.map((question) => (question as unknown[])[2])).toEqual([expect.anything(), undefined, undefined]);
  });

  it('nobody sees a secret, however the lines break', async () => {
    const secret = 'correct horse battery staple correct horse battery staple';
    const ask = new Answers('R');
    const error = new MediasmithError('TOOL_FAILED', `net use failed for a user with ${secret}`, {
      ...{ where: `net use \\\\server ${secret}`, lines: [secret], hint: secret },
    });
    await fail({ ask, error, variables: { Password: secret } });
    expect(JSON.stringify(ask.asked)).not.toMatch(/horse|battery/);
  });

  it('ends as the sequence says when it cannot be asked', async () => {
    const { verdict, events } = await fail({ ask: nobody });
    expect(verdict).toBe('end');
    expect(events).toMatchObject([{ event: 'log', level: 'warning' }]);
  });
});
