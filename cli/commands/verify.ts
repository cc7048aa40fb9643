import { resolve } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { EfiProgramFacts } from '../../builder/inspect/efi-programs.ts';
import { type VerifiedMedium, verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { readStart } from '../../builder/read-start.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type PublicKey, parsePublicKey } from '../../runtime/seal/minisign.ts';
import { errorDocument, renderError } from '../report-error.ts';
import type { CommandResult, Session } from '../session.ts';

export type VerifyOptions = {
  /** A public key of minisign, or a file that has one. */
  key?: string;
};

/** More than any key file has. */
const FILE_BYTES = 4096;
const PUBLIC_KEY = /^RW[\w+/]{54}$/;

/** Reads all of a medium and compares it with its manifest. A damaged medium is a result with exit code 4. */
export async function verify(
  { progress, signal }: Session,
  path: string,
  options: VerifyOptions = {},
): Promise<CommandResult> {
  const key = options.key === undefined ? undefined : await readPublicKey(options.key);
  const stage = { name: 'verify', title: `Verify ${path}` };
  const result = await progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return verifyMedium(resolve(path), { cacheFolder: cacheFolder(), exec, emit, signal }, key);
  });
  if (result.passed) return { document: result, text: describeVerified(path, result, key) };
  const error = damageOf(path, result);
  return {
    document: { ...result, ...errorDocument(error) },
    text: `${renderError(error).trimStart()}${rest(result)}`,
    exitCode: 4,
  };
}

/** The key itself, or the file that has it. `KEY_INVALID` where it is neither. */
async function readPublicKey(key: string): Promise<PublicKey> {
  if (PUBLIC_KEY.test(key)) return parsePublicKey(key);
  const text = await readStart(key, FILE_BYTES).catch((cause: unknown) => {
    const hint = "Give minisign's .pub file, or the line of it that begins with RW.";
    throw new MediasmithError('KEY_INVALID', 'the public key cannot be read', { where: key, hint, cause });
  });
  return parsePublicKey(text.toString('utf8'), key);
}

function damageOf(path: string, { bad }: VerifiedMedium): MediasmithError {
  const lines = bad.map((file) => `${file.path}: ${file.reason}`);
  if (bad.every((file) => file.path === MEDIUM_PATHS.manifestSignature)) {
    return new MediasmithError('SIGNATURE_INVALID', `${path} is whole, but nobody you trust vouches for it`, {
      where: path,
      lines,
      hint: 'Use a medium of those whose key you have; ask whoever gave you this one.',
    });
  }
  const count = bad.length === 1 ? '1 file is' : `${bad.length} files are`;
  return new MediasmithError('MEDIUM_CORRUPT', `${path} is damaged: ${count} bad`, {
    where: path,
    lines,
    hint: 'Copy the medium again, or build it again; use another stick or disc.',
  });
}

/** What was found on a medium that is whole. */
function describeVerified(path: string, result: VerifiedMedium, key?: PublicKey): string {
  const { files, bytes, signature, disc } = result;
  const which = disc === undefined ? '' : `, disc ${disc.disc} of ${disc.of},`;
  return `${path}${which} is whole: ${files} files, ${formatBytes(bytes)}\n${describeSignature(signature, key)}\n${rest(result)}`;
}

function describeSignature(signature: VerifiedMedium['signature'], key: PublicKey | undefined): string {
  if (signature !== 'valid') return 'It is not signed.';
  if (key !== undefined) return `It is signed with the key ${key.id}.`;
  return 'It is signed, with the key that lies on it: that proves only that it is whole. --key says whose it must be.';
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
