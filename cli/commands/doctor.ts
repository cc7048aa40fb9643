import { locateFirmware } from '../../builder/boot-test/firmware.ts';
import { sevenZip } from '../../builder/tools/seven-zip.ts';
import { exec } from '../../runtime/host/exec.ts';
import { wimLibrary } from '../../runtime/wim/library.ts';
import type { CommandResult } from '../session.ts';

type Finding = { name: string; package: string; found: boolean; version: string; for: string };

/** Programs, how each tells its version, its Debian package, and what needs it. */
const PROGRAMS: readonly { argv: [string, ...string[]]; package: string; for: string }[] = [
  { argv: ['xorriso', '--version'], package: 'xorriso', for: 'build: ISO files' },
  { argv: ['mcopy', '--version'], package: 'mtools', for: 'build: the EFI system partition' },
  { argv: ['hivexregedit', '--help'], package: 'libwin-hivex-perl', for: 'build: the registry of a boot.wim' },
  { argv: ['cpio', '--version'], package: 'cpio', for: 'build: the boot environment' },
  { argv: ['apt-get', '--version'], package: 'apt', for: "build: fetching the boot environment's packages" },
  { argv: ['dpkg-deb', '--version'], package: 'dpkg', for: "build: unpacking the boot environment's packages" },
  { argv: ['mkntfs', '--version'], package: 'ntfs-3g', for: 'demo: the synthetic image' },
  { argv: ['setfattr', '--version'], package: 'attr', for: 'demo: the synthetic image' },
  { argv: ['qemu-system-x86_64', '--version'], package: 'qemu-system-x86', for: 'boot-test' },
];

/** Looks for everything a command may start. Exit code 3 when something is missing. */
export async function doctor(): Promise<CommandResult> {
  const findings = [
    ...(await Promise.all(PROGRAMS.map(lookForProgram))),
    await lookForSevenZip(),
    await lookForLibwim(),
    await lookForFirmware(),
  ];
  const missing = findings.filter(({ found }) => !found);
  const packages = [...new Set(missing.map((finding) => finding.package))];
  const remedy = packages.length === 0 ? undefined : `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const rows = findings.map(
    (finding) =>
      `${finding.found ? 'ok     ' : 'MISSING'}  ${finding.name.padEnd(20)} ${finding.version || finding.for}`,
  );
  const text = [...rows, remedy === undefined ? 'Everything is there.' : `As root, run: ${remedy}`, ''].join('\n');
  return { document: { findings, remedy }, text, exitCode: missing.length === 0 ? 0 : 3 };
}

async function lookForProgram(program: (typeof PROGRAMS)[number]): Promise<Finding> {
  const { argv, package: from } = program;
  const answer = await exec(argv, { successCodes: [0, 1] }).catch(() => undefined);
  const [said = ''] = `${answer?.stdout ?? ''}${answer?.stderr ?? ''}`.trim().split('\n');
  // A program without --version is asked for its help, which begins with no version.
  const version = argv[1] === '--version' ? said : '';
  return { name: argv[0], package: from, found: answer !== undefined, version, for: program.for };
}

async function lookForSevenZip(): Promise<Finding> {
  const answer = await sevenZip([], exec).catch(() => undefined);
  return {
    name: '7-Zip',
    package: '7zip',
    found: answer !== undefined,
    version: answer?.stdout.trim().split('\n')[0] ?? '',
    for: 'build: Windows ISOs and archives',
  };
}

async function lookForLibwim(): Promise<Finding> {
  const library = await wimLibrary().catch(() => undefined);
  return {
    name: 'libwim',
    package: 'wimtools',
    found: library !== undefined,
    version: library?.version ?? '',
    for: 'build: Windows images',
  };
}

async function lookForFirmware(): Promise<Finding> {
  const files = await locateFirmware('secureboot').catch(() => undefined);
  return {
    name: 'OVMF',
    package: 'ovmf',
    found: files !== undefined,
    version: files?.code ?? '',
    for: 'boot-test: UEFI and Secure Boot',
  };
}
