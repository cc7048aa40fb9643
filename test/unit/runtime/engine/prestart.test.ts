import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest, ManifestPrestart } from '../../../../runtime/contract/manifest.ts';
import type { PlatformName } from '../../../../runtime/contract/step.ts';
import { parseVariables } from '../../../../runtime/engine/prestart.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { type Exec, exec } from '../../../../runtime/host/exec.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { fail, note } from '../../../helpers/run.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const PARTITION = { step: 'format-and-partition-disk' };
const RESTART = { step: 'restart-computer', target: 'winpe' };

type Wish = { steps?: readonly object[]; manifest?: Partial<Manifest> };

/** A medium whose prestart command is `sh hello.sh`, a file of the package `tools`. */
async function medium(prestart: ManifestPrestart, { steps = [note('x')], manifest = {} }: Wish = {}): Promise<string> {
  const folder = await temporaryFolder();
  const sequence = (id: string) => ({ formatVersion: 2, id, name: `Sequence ${id}`, onFailure: 'shutdown', steps });
  await writeFakeMedium(folder, [sequence('a'), sequence('b')], { prestart, preferredSequence: 'a', ...manifest });
  await writeFile(join(folder, 'smsts.log'), 'the log');
  return folder;
}

const PREFER = [{ name: 'SMSTSPreferredAdvertID', value: 'a', secret: false }];

async function start(folder: string, script: string, { ask = nobody, name = 'linux' as PlatformName } = {}) {
  const platform = new FakePlatform(folder, { name });
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
  platform.packageFiles = { 'hello.sh': script };
  const events: RunEvent[] = [];
  const ran: string[] = [];
  /** `sh` is the real one. */
  const run: Exec = async (argv, options) => {
    ran.push(argv.join(' '));
    if (argv[0].startsWith('sh')) return exec(argv, options);
    if (argv[0] === 'fail') throw new Error('failed');
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await runMedium({
    ...{ platform, exec: run, ask, logFile: join(folder, 'smsts.log') },
    emit: (event) => events.push(event),
    ...{ signal: new AbortController().signal, wait: async () => undefined },
  });
  const log = events.flatMap((event) => (event.event === 'log' ? [event.message] : []));
  return { ran, log, events, finished: events.at(-1), platform };
}

const PRESTART = { command: 'sh hello.sh "two words"', package: 'tools' };
const STEPS = [note('x', { command: ['note', '%_SMSTSPackageID% %Site% %Owner%'] })];

describe('the prestart command', () => {
  it('runs in a copy of its package before the choice, and gives variables to the run', async () => {
    const script =
      'echo "it says $1"; pwd; printf "SMSTSPreferredAdvertID=b\\nSite=Berlin \\r\\n\\nOwner=a=b\\n" > "$MEDIASMITH_VARIABLES"';
    const variables = [
      { name: 'Site', value: 'Bonn', secret: false },
      { name: 'Owner', secret: false },
    ];
    const { ran, log, platform } = await start(
      await medium(PRESTART, { steps: STEPS, manifest: { variables } }),
      script,
    );
    expect(ran).toEqual(['sh hello.sh two words', 'note b Berlin a=b']);
    expect(log).toEqual(expect.arrayContaining(['command line: sh hello.sh "two words"', 'it says two words']));
    expect(platform.deeds).toContain('extractImage 1');
  });

  it('may be a list, and needs no package', async () => {
    const prestart = { command: ['sh', '-c', 'ls -A | wc -l'] };
    const { ran, log } = await start(await medium(prestart, { manifest: { variables: PREFER } }), '');
    expect([ran[1], log]).toEqual(['note x', expect.arrayContaining(['0'])]);
  });

  it('that fails ends the start, with its exit code and what it said', async () => {
    const folder = await medium(PRESTART, { steps: [PARTITION] });
    const { finished, platform } = await start(folder, 'echo no licence; exit 7');
    expect(finished).toMatchObject({
      ...{ outcome: 'failed', code: 'STEP_FAILED' },
      error: expect.stringMatching(
        /the prestart command ended with exit code 7\nsh hello.sh "two words"\nno licence\n/,
      ),
    });
    expect(platform.disk.starts).toBe(true);
  });

  it('that cannot be started says so', async () => {
    const { finished } = await start(await medium({ command: 'sh-that-is-not-there x' }), '');
    expect(finished).toMatchObject({
      ...{ outcome: 'failed', code: 'STEP_FAILED' },
      error: expect.stringContaining('the prestart command cannot be run: cannot start sh-that-is-not-there'),
    });
  });

  it.each([
    ['_SMSTSMake=x', 'line 2 of what the prestart command wrote: "_SMSTSMake": names that start with _ are read-only'],
    ['hidden words', 'line 2 of what the prestart command wrote: it is not NAME=VALUE'],
    ['=x', 'it is not NAME=VALUE'],
  ])('that writes "%s" is refused', async (line, message) => {
    const { finished } = await start(await medium(PRESTART), `printf 'A=1\\n${line}\\n' > "$MEDIASMITH_VARIABLES"`);
    expect(finished).toMatchObject({ code: 'STEP_FAILED', error: expect.stringContaining(message) });
    expect(JSON.stringify(finished)).not.toContain('hidden');
  });

  it('keeps secret what the medium calls secret', async () => {
    const variables = [...PREFER, { name: 'Pin', secret: true }];
    const steps = [note('x', { command: ['note', '%Pin%'] }), note('y %Pin%')];
    const script = 'printf "pin=do not show\\n" > "$MEDIASMITH_VARIABLES"';
    const { ran, events } = await start(await medium(PRESTART, { steps, manifest: { variables } }), script);
    expect(ran).toContain('note do not show');
    expect(JSON.stringify(events)).not.toContain('do not show');
  });

  it('is not run again when a run is gone on with, nor when somebody goes back to the menu', async () => {
    const count = (folder: string) =>
      `echo once >> ${folder}/count; echo SMSTSPreferredAdvertID=a > "$MEDIASMITH_VARIABLES"`;
    const resumed = await medium(PRESTART, { steps: [PARTITION, RESTART, note('x')] });
    for (let starts = 0; starts < 2; starts++) await start(resumed, count(resumed));
    const again = await medium(PRESTART, { steps: [fail('x')] });
    await start(again, count(again), { ask: new Answers('M', 1, 'D') });
    for (const folder of [resumed, again]) expect(await readFile(join(folder, 'count'), 'utf8')).toBe('once\n');
  });

  it('is not run in the running Windows', async () => {
    const folder = await medium(PRESTART, { steps: [note('x')], manifest: { variables: PREFER } });
    const { ran, log } = await start(folder, '', { name: 'windows' });
    expect(ran.filter((line) => line.startsWith('sh'))).toEqual([]);
    expect(log).toContain('the prestart command is not run: this is no boot environment');
  });
});

it('reads lines as they are written', () => {
  expect(parseVariables('A=1\r\n\r\n b-c =2 \nD=\n')).toEqual([
    { name: 'A', value: '1' },
    { name: 'b-c', value: '2' },
    { name: 'D', value: '' },
  ]);
});
