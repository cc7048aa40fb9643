import { tmpdir } from 'node:os';
import { gatherBootFiles } from '../boot/winpe/gather-boot-files.ts';
import type { ResolvedWinpe } from '../boot/winpe/resolved-winpe.ts';
import { signingWarnings } from '../boot/winpe/signing.ts';
import { variantsOf } from '../output-files.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { openWorkspace } from '../workspace.ts';

/**
 * Looks at the boot files of every medium as its build will, so that those which would not start are refused before
 * anything is made. Resolves to what a person should know of the others.
 */
export async function bootFileNotes(winpe: ResolvedWinpe, context: SourceContext): Promise<string[]> {
  const notes = new Set<string>();
  for (const { signing } of variantsOf({ winpe: winpe.options })) {
    await using scratch = await openWorkspace(tmpdir());
    const at = { ...context, workspace: scratch.folder };
    const { signings } = await gatherBootFiles(winpe, { signing, time: new Date(0) }, at);
    for (const warning of signingWarnings(signings)) notes.add(warning);
  }
  return [...notes];
}
