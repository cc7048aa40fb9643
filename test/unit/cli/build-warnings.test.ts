import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../../helpers/cli.ts';
import { HEAD, SEQUENCE } from '../../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const WARNING = 'copyFirst has no effect on a start from the network';

it('the warnings of validate are those of a build, on standard error and in its document', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'media.yaml': `${HEAD}sequences: [a.yaml]\ncopyFirst: true\noutputs: [{ iso: a.iso }, { pxe: tree }]\n`,
    'a.yaml': SEQUENCE,
  });
  const file = join(folder, 'media.yaml');
  const { exitCode, stdout, stderr } = await cli(['build', file, '--dry-run', '--json']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`${file}:5:`);
  expect(stderr).toContain(`warning: ${WARNING}`);
  const { problems } = JSON.parse(stdout);
  expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining(WARNING) }]);
  expect(JSON.parse((await cli(['validate', file, '--json'])).stdout).problems).toEqual(problems);
});
