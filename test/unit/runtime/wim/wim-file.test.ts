import { expect, it } from 'vitest';

function koffiIsLoaded(): boolean {
  return JSON.stringify(process.report.getReport()).includes('koffi.node');
}

it('loads no koffi when it is imported', async () => {
  await import('../../../../runtime/wim/wim-file.ts');
  expect(koffiIsLoaded()).toBe(false);
  await import('koffi');
  expect(koffiIsLoaded()).toBe(true);
});
