import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { followLines } from '../../helpers/follow-lines.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

it('gives each line as it comes, and the rest at the end', async () => {
  const file = join(await temporaryFolder(), 'stdout');
  await writeFile(file, '');
  const lines: string[] = [];
  {
    using _ = followLines(file, (line) => lines.push(line));
    await appendFile(file, 'first\r\nsec');
    await vi.waitFor(() => expect(lines).toEqual(['first']));
    await appendFile(file, 'ond ü\nrest');
    await vi.waitFor(() => expect(lines).toEqual(['first', 'second ü']));
  }
  expect(lines).toEqual(['first', 'second ü', 'rest']);
});
