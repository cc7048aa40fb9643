import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import type { SelfCheck } from '../../runtime/selftest.ts';
import { openWine, type Wine } from '../helpers/wine.ts';
import { installStubs, linkOrCopy } from '../helpers/wine-stubs.ts';

const ARGV = ['X:\\mediasmith\\mediasmith.exe', 'selftest', '--json'] as const;
const SYSTEM_ROOT = { env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Windows' } };
const NEEDED = ['diskpart', 'dism', 'bcdboot', 'bcdedit', 'wpeutil'];
const OPTIONAL = ['drvload', 'reagentc', 'bootsect', 'powercfg'];

let wine: Wine;
let boot: string;

beforeAll(async () => {
  wine = await openWine();
  boot = await wine.drive('X');
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime(options);
  await mkdir(join(boot, 'mediasmith'));
  await linkOrCopy(executable, join(boot, 'mediasmith/mediasmith.exe'));
});
afterAll(() => wine?.[Symbol.asyncDispose]());

async function selftest(): Promise<{ exitCode: number; checks: SelfCheck[] }> {
  const { exitCode, stdout, stderr } = await wine.run(ARGV, SYSTEM_ROOT);
  expect(stderr).toBe('');
  return { exitCode, ...(JSON.parse(stdout) as { checks: SelfCheck[] }) };
}

it('names what is missing', async () => {
  const { exitCode, checks } = await selftest();
  expect(exitCode).toBe(4);
  expect(checks.filter(({ ok }) => !ok)).toEqual(
    NEEDED.map((name) => ({ name, ok: false, detail: `X:\\Windows\\System32\\${name}.exe is not there` })),
  );
});

it('is content with what is needed, and has called Windows', async () => {
  await installStubs(join(boot, 'Windows/System32'), NEEDED);
  const { exitCode, checks } = await selftest();
  expect(exitCode).toBe(0);
  const details = Object.fromEntries(checks.map(({ name, detail }) => [name, detail]));
  expect(details).toEqual({
    node: expect.stringMatching(/^v26\.\S+ win32 x64$/),
    native: expect.stringMatching(/^koffi \S+, process \d+$/),
    temp: expect.stringMatching(/^C:\\/),
    age: expect.stringMatching(/^a password takes \d+\.\d s$/),
    minisign: 'a signature and an altered text',
    console: 'no terminal',
    imports: expect.stringContaining('kernel32'),
    smbios: expect.stringMatching(/^(none|\d+ bytes, )/),
    drives: expect.stringContaining('X: fixed'),
    registry: expect.stringMatching(/^version \d+\.\d+, \d+ keys, \d+ products installed$/),
    'file version': expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
    system: expect.stringMatching(
      /^Microsoft Windows .* \d+\.\d+\.\d+, (uefi|bios), workgroup \S+, administrator, TPM none$/,
    ),
    network: expect.any(String),
    ...Object.fromEntries(NEEDED.map((name) => [name, `X:\\Windows\\System32\\${name}.exe`])),
    ...Object.fromEntries(OPTIONAL.map((name) => [name, 'not there, not needed'])),
  });
});
