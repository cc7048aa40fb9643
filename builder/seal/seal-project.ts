import { MediasmithError } from '../../runtime/contract/errors.ts';
import { type SealedFiles, sealContent } from '../../runtime/seal/sealed-content.ts';
import type { MediaProject } from '../config/load.ts';
import { mediaVariables } from '../config/variables.ts';
import { hashBytes } from '../hash.ts';
import { readSecret } from '../secret-source.ts';

/** `key` stands for both files: it differs between any two builds, and says nothing of what is in them. */
export type ProjectSeal = SealedFiles & { key: string };

const LEAST_PASSWORD = 8;

/**
 * What a project's password protects, sealed; undefined without one. `PROJECT_INVALID` for a password that is too short, or
 * that nobody could type. The bytes are new in each build, so that of a sealed medium no two builds are the same.
 */
export async function sealProject(project: MediaProject, workFactor?: number): Promise<ProjectSeal | undefined> {
  if (project.password === undefined) return undefined;
  const password = await readSecret(project.password, 'the password of the medium');
  refuseWeak(password, project.file);
  if (project.bootEnvironment === 'linux') refuseUntypable(password, project.file);
  const { sequences, machines, preferredSequence } = project;
  const content = {
    formatVersion: 1 as const,
    sequences: sequences.map(({ sequence }) => ({ id: sequence.id, name: sequence.name, document: sequence })),
    variables: mediaVariables(project),
    ...(machines !== undefined && { machines: machines.value }),
    ...(preferredSequence !== undefined && { preferredSequence }),
  };
  const files = await sealContent(content, password, workFactor);
  return { ...files, key: hashBytes(Buffer.concat([files.identity, files.sealed])) };
}

function refuseWeak(password: string, where: string): void {
  if ([...password.normalize('NFC')].length < LEAST_PASSWORD) {
    throw new MediasmithError('PROJECT_INVALID', `the password has fewer than ${LEAST_PASSWORD} characters`, {
      where,
      hint: 'Take a longer one, four words for instance: whoever has the medium can try passwords as long as they like.',
    });
  }
  if (!/\p{Cc}/u.test(password)) return;
  throw new MediasmithError('PROJECT_INVALID', 'the password has control characters, which nobody can type', {
    where,
    hint: 'Take letters, digits and signs of the keyboard.',
  });
}

/** The console of the Linux boot environment has the keyboard that the kernel starts with: the American one. */
function refuseUntypable(password: string, where: string): void {
  if (/^[ -~]*$/.test(password)) return;
  const message = 'the password has characters that nobody can type where Linux asks for it: its keyboard is American';
  throw new MediasmithError('PROJECT_INVALID', message, {
    where,
    hint: 'Take letters without accents, digits and spaces, or WinPE with a keyboardLayout.',
  });
}
