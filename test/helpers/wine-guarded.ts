import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { type SealedContent, sealContent } from '../../runtime/seal/sealed-content.ts';
import { aSigner, signMedium } from './signing-key.ts';
import type { StubPlan } from './wine-stubs.ts';
import type { Winpe, WinpeMedium } from './wine-winpe.ts';

/** Begins with a signed medium, and with a boot environment that has its key. Nothing of it is read before it starts. */
export async function beginSigned(winpe: Winpe, { start, ...medium }: WinpeMedium, plan?: StubPlan): Promise<void> {
  const signer = await aSigner();
  await winpe.begin({ ...medium, start: { ...start, publicKey: signer.publicKey.line } }, plan);
  await signMedium(await winpe.wine.drive('D'), signer);
}

/** What a medium has in the place of its sequences, at what a password really costs. */
export async function sealedMedium(
  content: Omit<SealedContent, 'formatVersion' | 'sequences'> & { sequences: readonly { id: string; name: string }[] },
  password: string,
): Promise<Pick<WinpeMedium, 'sequences' | 'sealed' | 'contents'>> {
  const sequences = content.sequences.map((document) => ({ id: document.id, name: document.name, document }));
  const { identity, sealed } = await sealContent({ formatVersion: 1, ...content, sequences }, password);
  return {
    sequences: [],
    sealed: true,
    contents: { [MEDIUM_PATHS.identity]: identity, [MEDIUM_PATHS.sealed]: sealed },
  };
}

/** The files below folders, but for programs, that have one of these texts, as UTF-8 or as UTF-16. */
export async function filesWith(texts: readonly string[], folders: readonly string[]): Promise<string[]> {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || /\.exe$/i.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const data = await readFile(path);
      if (wanted.some((text) => data.includes(text))) found.push(path);
    }
  }
  return found;
}
