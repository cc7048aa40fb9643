import { win32 } from 'node:path';
import { MICROSOFT_ARCHITECTURES } from '../../contract/architecture.ts';
import { exists } from '../../host/exists.ts';
import { extractPackage } from '../content.ts';
import type { StepContext } from '../context.ts';
import { joinPath } from '../join-path.ts';
import type { UsmtTool } from './option-rules.ts';

/** What USMT migrates unless told. MigUser is left out: it and MigDocs take the same files by different rules. */
const STANDARD = ['MigDocs.xml', 'MigApp.xml'];

export type Rules = { rules: string[]; config: string | undefined };

/**
 * The tool of the package and the folder it lies in. The package is the ADK's folder with one below it for each
 * architecture, or that one alone.
 */
export async function extractUsmt(
  packageName: string,
  tool: UsmtTool,
  context: StepContext,
): Promise<{ program: string; folder: string }> {
  const { path } = await context.temporaryFolder();
  const root = joinPath(path, 'usmt');
  await extractPackage(context, packageName, root);
  const name = `${tool}.exe`;
  const folder = (await exists(joinPath(root, name)))
    ? root
    : joinPath(root, MICROSOFT_ARCHITECTURES[context.machine.architecture]);
  return { program: joinPath(folder, name), folder };
}

type RulesWish = { mode: 'simple' | 'advanced'; configFiles?: readonly string[] | undefined };

/** The rules by full paths: names without a folder are files of the package. Config.xml is none of the rules. Pure. */
export function rulesOf({ mode, configFiles = [] }: RulesWish, folder: string): Rules {
  const files = mode === 'simple' || configFiles.length === 0 ? STANDARD : configFiles;
  const paths = files.map((file) => (win32.isAbsolute(file) ? file : joinPath(folder, file)));
  const isConfig = (path: string): boolean => /^config\.xml$/i.test(win32.basename(path));
  return { rules: paths.filter((path) => !isConfig(path)), config: paths.find(isConfig) };
}
