import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportSequence } from '../../../../builder/export/export-sequence.ts';
import { importFile } from '../../../../builder/import/import-file.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const SEQUENCE = `formatVersion: 2
id: a
name: A
logFolder: '\\\\server\\logs'
logAccount: ann
logPassword: hunter2secret
steps:
  - { step: run-command-line, command: a }
`;

it('the password of the log folder is in no export', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'a.yaml': SEQUENCE });
  const { blanked } = await exportSequence(join(folder, 'a.yaml'), { out: join(folder, 'a.zip') });
  expect(blanked).toMatchObject([{ step: 'A', field: 'logPassword', variable: 'Secret-logPassword' }]);
  const refuse = (): Promise<never> => Promise.reject(new Error('nothing should be there'));
  await importFile(join(folder, 'a.zip'), { folder: join(folder, 'back'), existing: refuse });
  const text = await readFile(join(folder, 'back', 'a.yaml'), 'utf8');
  expect(text).not.toContain('hunter2secret');
  expect(text).toContain('logPassword: "%Secret-logPassword%"');
});
