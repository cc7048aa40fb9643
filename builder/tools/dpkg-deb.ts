import type { Argv, Exec } from '../../runtime/host/exec.ts';

export type DebFields = { name: string; version: string; source: string; sourceVersion: string };

const FORMAT = ['Package', 'Version', 'source:Package', 'source:Version'].map((field) => `\${${field}}`).join('\\t');

/** What a .deb says about itself. */
export async function debFields(deb: string, exec: Exec): Promise<DebFields> {
  const { stdout } = await exec(debFieldsArgv(deb));
  const [name = '', version = '', source = '', sourceVersion = ''] = stdout.trim().split('\t');
  return { name, version, source, sourceVersion };
}

/** Unpacks the files of a .deb over `root`. Its scripts do not run. */
export async function extractDeb(deb: string, root: string, exec: Exec): Promise<void> {
  await exec(['dpkg-deb', '--extract', deb, root]);
}

export function debFieldsArgv(deb: string): Argv {
  return ['dpkg-deb', '--show', `--showformat=${FORMAT}`, deb];
}
