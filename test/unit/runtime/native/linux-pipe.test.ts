import { constants } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exec } from '../../../../runtime/host/exec.ts';
import { widenPipe } from '../../../../runtime/native/linux-pipe.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;

it('takes as much as was asked for before anybody reads', async () => {
  const path = join(await temporaryFolder(), 'pipe');
  await exec(['mkfifo', path]);
  await using pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  expect(await widenPipe(pipe.fd, MIB)).toBe(MIB);
  expect((await pipe.write(Buffer.alloc(2 * MIB))).bytesWritten).toBe(MIB);
});

it('leaves what is no pipe as it is', async () => {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, '');
  await using file = await open(path);
  expect(await widenPipe(file.fd, MIB)).toBe(-1);
});
