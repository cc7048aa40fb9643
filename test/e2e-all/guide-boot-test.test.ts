import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { DEPLOY } from '../helpers/e2e-sequences.ts';
import { followGuide } from '../helpers/guide.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();

it("the staging server's guide starts a medium in a virtual machine", async () => {
  const { iso } = await buildTestMedium(scratch('medium'), { sequences: [DEPLOY] });
  const checkout = scratch('checkout');
  await mkdir(checkout);
  await copyFile(iso, `${checkout}/staging.iso`);
  await followGuide(['staging-server.md'], checkout, {}, { only: 'mediasmith boot-test' });
  const result = JSON.parse(await readFile(`${checkout}/boot-test.json`, 'utf8'));
  expect(result).toMatchObject({ passed: true, firmware: 'secureboot' });
});
