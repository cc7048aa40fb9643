import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Argv } from '../../../../../runtime/host/exec.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { decodeLog, runTool } from '../../../../../runtime/platform/winpe/run-tool.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const shell = (script: string): Argv => ['sh', '-c', script];
const failure = 'the image could not be applied';

it('takes for a success what DISM calls one', async () => {
  const codes: (readonly number[] | undefined)[] = [];
  await runTool(
    async (argv, options) => {
      codes.push(options?.successCodes);
      return exec(argv, options);
    },
    { tool: 'dism', argv: shell('exit 0'), failure },
  );
  expect(codes).toEqual([[0, 3010]]);
});

it('says what failed, with the end of the output and of the log', async () => {
  const folder = await temporaryFolder();
  const log = Array.from({ length: 30 }, (_, index) => `log ${index + 1}`).join('\r\n');
  await writeFiles(folder, { 'dism.log': `${log}\r\n\r\n` });
  const running = runTool(exec, {
    tool: 'dism',
    argv: shell('printf "out 1\\r\\nout \\377\\r\\n"; exit 112'),
    failure,
    code: 'IMAGE_APPLY_FAILED',
    logFile: join(folder, 'dism.log'),
  });
  await expect(running).rejects.toMatchObject({
    code: 'VOLUME_TOO_SMALL',
    message: 'the image could not be applied: dism ended with 112 (0x70), the disk is full',
    lines: ['out 1', 'out ?', ...Array.from({ length: 12 }, (_, index) => `log ${index + 19}`)],
    hint: 'Give the volume more room.',
    exitCode: 112,
  });
});

it('takes the code of the call for an exit code that does not decide it', async () => {
  const call = { tool: 'dism', argv: shell('exit 50'), failure } as const;
  await expect(runTool(exec, { ...call, code: 'IMAGE_APPLY_FAILED' })).rejects.toMatchObject({
    code: 'IMAGE_APPLY_FAILED',
  });
  await expect(runTool(exec, call)).rejects.toMatchObject({ code: 'TOOL_FAILED', exitCode: 50 });
});

it('has nothing of the log when there is none', async () => {
  const running = runTool(exec, { tool: 'dism', argv: shell('echo o; exit 1'), failure, logFile: '/nowhere/dism.log' });
  await expect(running).rejects.toMatchObject({ lines: ['o'] });
});

it('says which program is missing', async () => {
  const running = runTool(exec, {
    tool: 'diskpart',
    argv: ['/nowhere/diskpart.exe'],
    failure: 'the disk is as it was',
  });
  await expect(running).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: 'the disk is as it was: there is no diskpart.exe that starts',
    where: '/nowhere/diskpart.exe',
    hint: expect.stringContaining('boot.wim'),
  });
});

it('lets an interruption be one', async () => {
  const signal = AbortSignal.abort();
  await expect(runTool(exec, { tool: 'dism', argv: shell('exit 1'), failure, signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
});

it.each([
  ['UTF-8', Buffer.from('Größe')],
  ['UTF-16', Buffer.from('\ufeffGröße', 'utf16le')],
  ['Windows-1252', Buffer.from('Größe', 'latin1')],
])('decodes a log in %s', (_, data) => {
  expect(decodeLog(data)).toBe('Größe');
});
