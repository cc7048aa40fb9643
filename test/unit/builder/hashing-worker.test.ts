import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../builder/hash.ts';
import { hashingWorker } from '../../../builder/hashing-worker.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

it('hashes the parts of a file in their order, several at a time, and says where one ends too early', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { a: 'abcdef' });
  const file = join(folder, 'a');
  await using worker = hashingWorker();
  const counted: number[] = [];
  const asked = [
    worker.hash(
      {
        file,
        parts: [
          { offset: 4, bytes: 2 },
          { offset: 0, bytes: 1 },
        ],
      },
      (count) => counted.push(count),
    ),
    worker.hash({ file, parts: [] }),
    worker.hash({ file, parts: [{ offset: 5, bytes: 2 }] }),
  ];
  expect(await asked[0]).toBe(hashBytes(Buffer.from('efa')));
  expect(counted).toEqual([2, 1]);
  expect(await asked[1]).toBe(hashBytes(Buffer.alloc(0)));
  await expect(asked[2]).rejects.toThrow('ends at byte 6');
});
