import { z } from 'zod';
import { Machines } from '../contract/machines.ts';
import { ManifestVariable } from '../contract/manifest.ts';
import { decryptWithIdentity, decryptWithPassword, encryptTo, encryptWithPassword, makeAgeKeys } from './age.ts';

/** What the password of a medium protects: everything of it that a task sequence says, and the values it runs with. */
export const SealedContent = z.object({
  formatVersion: z.literal(1),
  sequences: z.array(z.object({ id: z.string(), name: z.string(), document: z.unknown() })),
  variables: z.array(ManifestVariable),
  machines: Machines.optional(),
  preferredSequence: z.string().optional().describe('The one that starts where nobody is asked'),
});
export type SealedContent = z.infer<typeof SealedContent>;

/** The two files of a sealed medium: an identity under the password, and the content encrypted to that identity. */
export type SealedFiles = { identity: Uint8Array; sealed: Uint8Array };

/**
 * Seals content so that Debian's `age -d -i password.age sealed.age` opens it too. Identity and salts are random: the same
 * content under the same password never gives the same bytes.
 */
export async function sealContent(
  content: z.input<typeof SealedContent>,
  password: string,
  workFactor?: number,
): Promise<SealedFiles> {
  const { identity, recipient } = await makeAgeKeys();
  return {
    identity: await encryptWithPassword(`${identity}\n`, asTyped(password), workFactor),
    sealed: await encryptTo(JSON.stringify(content), recipient),
  };
}

/** The identity that a password opens; undefined for the wrong one. Takes about a second, whatever the password. */
export async function openIdentity(file: Uint8Array, password: string): Promise<string | undefined> {
  return (await decryptWithPassword(file, asTyped(password)))?.trim();
}

/** Keyboards give a letter and its accent as one character; a file or a variable may have them as two. */
function asTyped(password: string): string {
  return password.normalize('NFC');
}

/** What is sealed. Undefined for another medium's identity; an ordinary Error for content that this version does not read. */
export async function openContent(file: Uint8Array, identity: string): Promise<SealedContent | undefined> {
  const text = await decryptWithIdentity(file, identity);
  return text === undefined ? undefined : SealedContent.parse(JSON.parse(text));
}
