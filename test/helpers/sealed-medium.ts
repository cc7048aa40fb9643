import { type Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { type SealedContent, sealContent } from '../../runtime/seal/sealed-content.ts';
import { writeFakeMedium } from './fake-medium.ts';

export const PASSWORD = 'correct horse battery';

/** scrypt's least cost: a test is not to wait for a second at each guess. */
export const CHEAP = 4;

/** Writes a fake medium whose sequences are sealed with {@link PASSWORD}. */
export async function writeSealedMedium(
  folder: string,
  sequences: readonly { id: string; name: string }[],
  more: Partial<Omit<SealedContent, 'formatVersion' | 'sequences'>> = {},
  manifest: Partial<Manifest> = {},
): Promise<Manifest> {
  const documents = sequences.map((document) => ({ id: document.id, name: document.name, document }));
  const content = { formatVersion: 1 as const, sequences: documents, variables: [], ...more };
  const { identity, sealed } = await sealContent(content, PASSWORD, CHEAP);
  return writeFakeMedium(
    folder,
    [],
    { sealed: true, ...manifest },
    { [MEDIUM_PATHS.identity]: Buffer.from(identity), [MEDIUM_PATHS.sealed]: Buffer.from(sealed) },
  );
}
