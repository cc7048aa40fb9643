import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

export type AptSource = { url: string; suite: string };

/** A private apt: its own configuration, package lists and cache in one folder. The host's apt is not touched. */
export type Apt = { exec: Exec; environment: Record<string, string> };

/** Lays the private configuration down in `folder`; needs no root rights. */
export async function openApt(options: {
  folder: string;
  sources: readonly AptSource[];
  keyrings: readonly string[];
  exec: Exec;
}): Promise<Apt> {
  const { folder } = options;
  for (const part of ['etc', 'state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(folder, part), { recursive: true });
  }
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'etc/sources.list'), sourcesList(options.sources, options.keyrings));
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder));
  return { exec: options.exec, environment: { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' } };
}

/** Fetches the package lists. Fails when any of them cannot be had. */
export async function updateLists(apt: Apt): Promise<void> {
  await run(apt, ['apt-get', '-q', 'update', '-o', 'APT::Update::Error-Mode=any']);
}

/** The record of the newest version of a package, as apt knows it. */
export async function packageRecord(apt: Apt, name: string): Promise<string> {
  return (await run(apt, ['apt-cache', 'show', '--no-all-versions', name])).stdout;
}

/** Downloads the newest version of each package into `folder`; apt checks each against the signed lists. */
export async function downloadPackages(apt: Apt, names: readonly string[], folder: string): Promise<void> {
  await run(apt, ['apt-get', '-q', 'download', ...names], folder);
}

export function aptConfiguration(folder: string): string {
  return [
    `Dir "${folder}";`,
    `Dir::Etc "${folder}/etc";`,
    `Dir::Etc::sourcelist "${folder}/etc/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    // apt would otherwise become the user _apt, which may not enter a cache folder in a home folder.
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    '',
  ].join('\n');
}

export function sourcesList(sources: readonly AptSource[], keyrings: readonly string[]): string {
  return sources.map(({ url, suite }) => `deb [signed-by=${keyrings.join(',')}] ${url} ${suite} main\n`).join('');
}

function run(apt: Apt, argv: Argv, cwd?: string): ReturnType<Exec> {
  return apt.exec(argv, { env: apt.environment, ...(cwd !== undefined && { cwd }) });
}
