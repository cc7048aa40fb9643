import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { errorDocument } from '../../../cli/report-error.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { cli } from '../../helpers/cli.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

/** The process sends itself the signal while the command is still being loaded. */
const signalling = (signal: string): string => `import { registerHooks } from 'node:module';
registerHooks({
  load: (url, context, next) => {
    if (url.endsWith('/cli/session.ts')) process.kill(process.pid, '${signal}');
    return next(url, context);
  },
});
`;

it.each([
  ['SIGINT', false],
  ['SIGTERM', false],
  ['SIGINT', true],
  ['SIGHUP', true],
] as const)(
  '%s before the command listens gives the document (another Node handed over: %s)',
  async (signal, another) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'signal.mjs': signalling(signal) });
    const node = another ? join(folder, 'node') : process.execPath;
    if (another) await copyFile(process.execPath, node);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'signal.mjs'))}` };
    const ended = await cli(['doctor', '--json'], { env, node });
    const error = new MediasmithError('INTERRUPTED', 'interrupted: nothing was left half-written');
    expect(ended.exitCode).toBe(130);
    expect(JSON.parse(ended.stdout)).toEqual(JSON.parse(JSON.stringify(errorDocument(error))));
  },
);
