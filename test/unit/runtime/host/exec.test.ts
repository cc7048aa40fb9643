import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExecOptions, exec, redactor } from '../../../../runtime/host/exec.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const sh = (script: string, options?: ExecOptions) => exec(['sh', '-c', script], options);

describe('a program', () => {
  it('gets its arguments as they are, no shell between', async () => {
    const { stdout } = await exec(['printf', '%s|', '$HOME', '*', 'a b', '']);
    expect(stdout).toBe('$HOME|*|a b||');
  });

  it('gets input, environment and folder', async () => {
    const folder = await temporaryFolder();
    const { stdout } = await sh('cat; echo "$X"; pwd', { input: 'in\n', env: { X: 'y' }, cwd: folder });
    expect(stdout).toBe(`in\ny\n${folder}\n`);
  });

  it('without input reads nothing and does not wait for any', async () => {
    expect((await exec(['cat'])).stdout).toBe('');
  });

  it('can write its output into a file and not into memory', async () => {
    const file = join(await temporaryFolder(), 'out');
    const { stdout } = await sh('head -c 1000000 /dev/zero', { stdoutFile: file });
    expect([stdout, (await stat(file)).size]).toEqual(['', 1_000_000]);
  });

  it('is followed line by line, each redrawing of a line and the last one too', async () => {
    const lines: string[] = [];
    await sh('printf "one\\n10%%\\r20%%\\rdone"; printf "err" >&2', { onLine: (line) => lines.push(line) });
    expect(lines.sort()).toEqual(['10%', '20%', 'done', 'err', 'one']);
  });
});

describe('output that is discarded', () => {
  it('may be more than memory takes, and its lines are followed all the same', async () => {
    let lines = 0;
    const script = 'yes 0123456789012345678901234567890123456789 | head -n 3000000; echo end >&2';
    const { stdout } = await sh(script, { discardOutput: true, onLine: () => void lines++ });
    expect([stdout, lines]).toEqual(['', 3_000_001]);
  }, 60_000);

  it('still has its last lines in an error, without secrets', async () => {
    const failing = sh('seq 1 30; echo hunter2; exit 3', { discardOutput: true, secrets: ['hunter2'] });
    const lines = [...Array.from({ length: 19 }, (_, at) => String(at + 12)), '********'];
    await expect(failing).rejects.toMatchObject({ code: 'TOOL_FAILED', exitCode: 3, lines });
  });

  it('of what a program has left running is not waited for', async () => {
    const lines: string[] = [];
    const options = { discardOutput: true, onLine: (line: string) => void lines.push(line) };
    const { exitCode } = await sh('sleep 60 & echo $!; exit 0', options);
    // It is still there to be ended.
    process.kill(Number(lines[0]));
    expect([exitCode, lines.length]).toEqual([0, 1]);
    await expect(sh('sleep 5 & exit 7', options)).rejects.toMatchObject({ code: 'TOOL_FAILED', exitCode: 7 });
  }, 60_000);

  it('is read also where nobody follows it', async () => {
    expect((await sh('seq 1 100000', { discardOutput: true })).exitCode).toBe(0);
  });
});

describe('what a program was called with', () => {
  it('is shown in errors as the caller says', async () => {
    const failing = sh('exit 4', { shown: 'sh with a secret', secrets: ['secret'] });
    await expect(failing).rejects.toMatchObject({ where: 'sh with a ********' });
  });

  it.skipIf(process.platform === 'win32')('is argv and not the command line outside Windows', async () => {
    expect((await exec(['printf', '%s', 'a b'], { commandLine: 'printf other' })).stdout).toBe('a b');
  });
});

describe('an exit code', () => {
  it('that means success comes back', async () => {
    expect((await sh('exit 3', { successCodes: [0, 3] })).exitCode).toBe(3);
  });

  it('that does not is an error with the last lines of both streams', async () => {
    const failing = sh('seq 1 30; echo bad >&2; exit 4');
    await expect(failing).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: 'sh ended with exit code 4',
      lines: [...Array.from({ length: 19 }, (_, index) => String(index + 12)), 'bad'],
    });
  });

  it('of 0 is no success where it is not named', async () => {
    await expect(sh('exit 0', { successCodes: [7] })).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('is none where a signal ended the program', async () => {
    await expect(sh('kill -9 $$')).rejects.toMatchObject({ message: 'sh was ended by SIGKILL' });
  });
});

describe('an end from outside', () => {
  it('comes when the time is over, also when a child of the program lives on', async () => {
    await expect(sh('sleep 300 & sleep 300; true', { timeoutSeconds: 0.2 })).rejects.toMatchObject({
      code: 'STEP_TIMEOUT',
      message: 'no end after 0.2 s: sh -c sleep 300 & sleep 300; true',
    });
  });

  it('comes with the signal', async () => {
    const abort = new AbortController();
    const running = sh('echo ready; sleep 20; true', { signal: abort.signal, onLine: () => abort.abort() });
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('comes at once with a signal that was given before', async () => {
    await expect(sh('sleep 20', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

it('a program that is not there is said to be missing', async () => {
  await expect(exec(['mediasmith-no-such-program'])).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: expect.stringContaining('cannot start mediasmith-no-such-program'),
    hint: expect.stringContaining('mediasmith doctor'),
  });
});

describe('secrets', () => {
  it('are seen nowhere but in the result', async () => {
    const lines: string[] = [];
    const secrets = ['hunter2', 'hunter2-long', ''];
    const options: ExecOptions = { secrets, onLine: (line) => lines.push(line) };
    const error: unknown = await sh('echo hunter2-long; exit 1', options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ where: 'sh -c echo ********; exit 1', lines: ['********'] });
    expect(lines).toEqual(['********']);
    expect((await sh('echo hunter2', { secrets })).stdout).toBe('hunter2\n');
  });

  it('are taken to the letter, the longest first', () => {
    expect(redactor(['a.c', 'a.cd'])('abc a.cd a.c')).toBe('abc ******** ********');
    expect(redactor([])('text')).toBe('text');
  });

  it('hides all of secrets that overlap, and shows no more than one mask for them', () => {
    expect(redactor(['abc', 'bcd'])('xabcdx')).toBe('x********x');
    expect(redactor(['a', '*'])('banana **')).toBe('b********n********n******** ********');
    expect(redactor(['$&', '%A%', '(.*)', '\\'])('$& %A% (.*) \\ b')).toBe('******** ******** ******** ******** b');
  });

  it('hides each line of one that has several, and one that a program prints without its end of line', () => {
    const hide = redactor(['-----BEGIN\nMIIEvQ==\n}\n', 'abc\n']);
    expect(hide('line MIIEvQ== } abc')).toBe('line ******** } ********');
  });
});
