import { chmod, readFile, stat } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

const scratch = useScratchFolder();
const LOADER = standInText('bootmgfw.efi');

type Document = {
  medium: { path: string; bytes: number };
  deploy: { steps: { name: string; ok: boolean }[]; screenshots: string[]; serialLog: string; disk: string };
};

describe('mediasmith demo', () => {
  let run: CliResult;
  let document: Document;

  beforeAll(async () => {
    run = await cli(['demo', '--folder', scratch('demo')]);
    document = JSON.parse(await readFile(scratch('demo', 'result.json'), 'utf8'));
  });

  it('passes, and says what was built, deployed and booted', () => {
    expect(run.exitCode, run.stderr).toBe(0);
    expect(document).toMatchObject({
      passed: true,
      medium: { kind: 'iso', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      deploy: { passed: true, firmware: 'uefi', as: 'cdrom', secondsToRuntime: expect.any(Number) },
      diskBoot: { passed: true, line: expect.stringContaining(LOADER) },
    });
    expect(document.deploy.steps.length).toBeGreaterThan(5);
    expect(document.deploy.steps.every(({ ok }) => ok)).toBe(true);
  });

  it('ends with a table of them', () => {
    const rows = new Map(
      run.stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/) as [string, string]),
    );
    const { medium, deploy } = document;
    expect(rows.get('result')).toBe('PASSED');
    expect(rows.get('image')).toMatch(/^a WIM of \d+ MB with a synthetic Windows: \d+ files, \d+ MB when applied$/);
    expect(rows.get('medium')).toContain(medium.path);
    for (const { name } of deploy.steps) expect(rows.get(name), name).toMatch(/^(\d+\.\d s|skipped)$/);
    expect(rows.get('disk boot')).toContain(LOADER);
    expect(rows.get('serial log')).toBe(deploy.serialLog);
    expect(rows.get('screenshots')).toBe(scratch('demo', 'deploy', 'screenshots'));
  });

  it('leaves every file it names', async () => {
    const { medium, deploy } = document;
    expect(deploy.screenshots.length).toBeGreaterThan(0);
    const loader = scratch('demo', 'disk-boot', 'loader.png');
    for (const path of [medium.path, deploy.serialLog, deploy.disk, loader, ...deploy.screenshots])
      expect((await stat(path)).size, path).toBeGreaterThan(0);
    expect((await stat(medium.path)).size).toBe(medium.bytes);
  });
});

it('mediasmith demo ends with exit code 4 and the same document where the machine is lost', async () => {
  const programs = scratch('programs');
  const wrapper = `#!/bin/sh\nPATH=\${PATH#*:}\nexec timeout --preserve-status 8 qemu-system-x86_64 "$@"\n`;
  await writeFiles(programs, { 'qemu-system-x86_64': wrapper });
  await chmod(`${programs}/qemu-system-x86_64`, 0o755);
  const env = { PATH: `${programs}:${process.env.PATH}` };
  const { exitCode, stdout, stderr } = await cli(['demo', '--folder', scratch('lost'), '--json'], { env });
  expect(exitCode, stderr).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: false,
    medium: { path: scratch('lost', 'project', 'demo.iso') },
    deploy: { passed: false, failure: expect.stringContaining('before the runtime had started') },
    diskBoot: { passed: false, line: null },
  });
});
