import { resolve } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { EfiProgramFacts } from '../../builder/inspect/efi-programs.ts';
import { type VerifiedMedium, verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { exec } from '../../runtime/host/exec.ts';
import { errorDocument, renderError } from '../report-error.ts';
import type { CommandResult, Session } from '../session.ts';

/** Reads all of a medium and compares it with its manifest. A damaged medium is a result with exit code 4. */
export async function verify({ progress, signal }: Session, path: string): Promise<CommandResult> {
  const stage = { name: 'verify', title: `Verify ${path}` };
  const result = await progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return verifyMedium(resolve(path), { cacheFolder: cacheFolder(), exec, emit, signal });
  });
  if (result.ok) return { document: result, text: describeVerified(path, result) };
  const error = damageOf(path, result);
  return {
    document: { ...result, ...errorDocument(error) },
    text: `${renderError(error).trimStart()}${rest(result)}`,
    exitCode: 4,
  };
}

function damageOf(path: string, { bad }: VerifiedMedium): MediasmithError {
  const count = bad.length === 1 ? '1 file is' : `${bad.length} files are`;
  return new MediasmithError('MEDIUM_CORRUPT', `${path} is damaged: ${count} bad`, {
    where: path,
    lines: bad.map((file) => `${file.path}: ${file.reason}`),
    hint: 'Copy the medium again, or build it again; use another stick or disc.',
  });
}

/** What was found on a medium that is whole. */
export function describeVerified(path: string, result: VerifiedMedium): string {
  return `${path} is whole: ${result.files} files, ${formatBytes(result.bytes)}\n${rest(result)}`;
}

function rest({ efi, extra }: VerifiedMedium): string {
  const lines = [
    ...efi.flatMap(describeProgram),
    ...(extra.length === 0 ? [] : ['Files that the manifest does not know:', ...extra.map((path) => `  ${path}`)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function describeProgram({ path, signing, chain, otherChains = [] }: EfiProgramFacts): string[] {
  const chains = [chain, ...otherChains].filter((names) => names.length > 0);
  return [`  ${path}: ${signing}`, ...chains.map((names) => `    ${names.join(' < ')}`)];
}
