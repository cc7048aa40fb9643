import { cp, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBootTest } from '../../builder/boot-test/boot-test.ts';
import { bootDisk } from '../../builder/boot-test/disk-boot.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ownFolder } from '../own-folder.ts';
import type { CommandResult, Session } from '../session.ts';
import { carryOut, planProject } from './build.ts';

const EXAMPLE = fileURLToPath(new URL('../../templates/examples/demo', import.meta.url));
const IMAGE_NAME = 'stand-in.wim';
const DISK_BYTES = 8 * 1024 ** 3;
const DISK_BOOT_SECONDS = 120;

const IMAGE_STAGE = { name: 'stand-in-image', title: 'Make the synthetic Windows image' };
const DEPLOY_STAGE = { name: 'deploy', title: 'Boot the medium and deploy a virtual disk' };
const DISK_STAGE = { name: 'disk-boot', title: 'Boot the deployed disk without the medium' };

/** The whole product on itself: image, medium, deployment, and the disk that boots. Exit code 4 when any of it fails. */
export async function demo(session: Session, options: { folder: string }): Promise<CommandResult> {
  const { signal } = session;
  const started = performance.now();
  const folder = resolve(options.folder);
  const project = join(folder, 'project');
  await ownFolder(folder, '--folder');
  const image = await session.progress([IMAGE_STAGE], (emit) =>
    makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit, signal }),
  );
  await rm(project, { recursive: true, force: true });
  await cp(EXAMPLE, project, { recursive: true, preserveTimestamps: true });
  await symlink(image.path, join(project, IMAGE_NAME));
  const built = await carryOut(session, await planProject(session, join(project, 'media.yaml'), {}), {});
  const [medium] = built.outputs;
  if (medium === undefined) throw new Error('the demo project has no output');

  const { deploy, diskBoot } = await session.progress([DEPLOY_STAGE, DISK_STAGE], async (emit) => {
    emit({ event: 'stage-started', ...DEPLOY_STAGE });
    const deploy = await runBootTest({
      medium: medium.path,
      firmware: 'uefi',
      as: 'cdrom',
      diskBytes: DISK_BYTES,
      folder: join(folder, 'deploy'),
      keepDisk: true,
      emit,
      signal,
    });
    emit({ event: 'stage-finished', ...DEPLOY_STAGE, seconds: deploy.seconds });
    if (!deploy.passed) return { deploy, diskBoot: undefined };
    emit({ event: 'stage-started', ...DISK_STAGE });
    const diskBoot = await bootDisk({
      disk: deploy.disk,
      firmware: 'uefi',
      expectLine: new RegExp(RegExp.escape(standInText('bootmgfw.efi'))),
      seconds: DISK_BOOT_SECONDS,
      folder: join(folder, 'disk-boot'),
      screenshot: join(folder, 'disk-boot', 'loader.png'),
      signal,
    });
    emit({ event: 'stage-finished', ...DISK_STAGE, seconds: diskBoot.seconds });
    return { deploy, diskBoot };
  });

  const passed = deploy.passed && diskBoot?.passed === true;
  const document = {
    passed,
    medium,
    deploy,
    diskBoot: { passed: diskBoot?.passed === true, line: diskBoot?.line ?? null },
  };
  await writeFile(join(folder, 'result.json'), `${JSON.stringify(document, null, 2)}\n`);
  const rows: [string, string][] = [
    ['result', passed ? 'PASSED' : 'FAILED'],
    [
      'image',
      `a WIM of ${formatBytes(image.bytes)} with a synthetic Windows: ${image.files} files, ${formatBytes(image.contentBytes)} when applied`,
    ],
    ['medium', `${medium.path}, ${formatBytes(medium.bytes)}`],
    ...built.stages.map(({ name, seconds }): [string, string] => [`  ${name}`, `${seconds.toFixed(1)} s`]),
    ['deployment', `${deploy.seconds.toFixed(1)} s, runtime after ${deploy.secondsToRuntime?.toFixed(1) ?? '-'} s`],
    ...deploy.steps.map(({ name, seconds, ok, skipped }): [string, string] => [
      `  ${name}`,
      skipped ? 'skipped' : `${seconds.toFixed(1)} s${ok ? '' : ', FAILED'}`,
    ]),
    ['disk boot', diskBoot?.line ?? diskBoot?.failure ?? deploy.failure ?? 'not tried'],
    ['serial log', deploy.serialLog],
    ['screenshots', join(folder, 'deploy', 'screenshots')],
    ['whole', `${((performance.now() - started) / 1000).toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const text = `\n${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n`;
  return { document, text, exitCode: passed ? 0 : 4 };
}
