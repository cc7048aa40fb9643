import { expect, it } from 'vitest';
import type { SystemFacts } from '../../../../../runtime/contract/facts.ts';
import { linuxFacts } from '../../../../../runtime/platform/linux/facts.ts';

it.each<[string, (facts: SystemFacts) => Promise<unknown>]>([
  ['no files of Windows', (facts) => facts.file('C:\\x')],
  ['no folders of Windows', (facts) => facts.folder('C:\\x')],
  ['no registry', (facts) => facts.registryKeyExists('HKEY_LOCAL_MACHINE\\X')],
  ['no registry', (facts) => facts.registryValue('HKEY_LOCAL_MACHINE\\X', 'y')],
  ['no software of Windows Installer', (facts) => facts.installedSoftware()],
])('answers for nothing it cannot see: %s', async (what, ask) => {
  await expect(ask(linuxFacts())).rejects.toMatchObject({
    code: 'CONDITION_NOT_EVALUATED',
    message: `the Linux boot environment has ${what} to ask`,
  });
});

it("has none of Windows' variables", () => {
  expect(linuxFacts().environment('PATH')).toBeUndefined();
});
