import { MediasmithError } from '../../runtime/contract/errors.ts';
import { type SealedFiles, sealContent } from '../../runtime/seal/sealed-content.ts';
import type { MediaProject } from '../config/load.ts';
import { mediaVariables } from '../config/variables.ts';
import { hashBytes } from '../hash.ts';
import { readSecret } from '../secret-source.ts';

/** `key` stands for both files: it differs between any two builds, and says nothing of what is in them. */
export type ProjectSeal = SealedFiles & { key: string };

const LEAST_PASSWORD = 8;

/** The password of a project; undefined without one. `PROJECT_INVALID` for one that is too short, or that nobody could type. */
export async function readPassword(project: MediaProject): Promise<string | undefined> {
  if (project.password === undefined) return undefined;
  const password = await readSecret(project.password, 'the password of the medium');
  refuseWeak(password, project.file);
  return password;
}

/**
 * What a password protects of a project, sealed. The bytes are new in each build, so that of a sealed medium no two builds
 * are the same.
 */
export async function sealProject(project: MediaProject, password: string, workFactor?: number): Promise<ProjectSeal> {
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
