import { MediasmithError } from '../../runtime/contract/errors.ts';
import { BUNDLE, BundleManifest } from '../import/bundle-manifest.ts';
import { openZip } from '../import/zip-reader.ts';
import { secretLeftIn } from './repeated-secrets.ts';
import type { Secret, SecretSearch } from './secret-search.ts';
import { readPlain } from './without-secrets.ts';

/** Reads a zip back and throws where one of its own texts, or its list, has a secret. `out`: what it is to be called. */
export async function refuseSecretsIn(zip: string, out: string, search: SecretSearch): Promise<void> {
  await using archive = await openZip(zip);
  for (const { path } of archive.members) {
    if (path.startsWith(`${BUNDLE.content}/`)) continue;
    const text = (await archive.read(path)).toString();
    const left = path === BUNDLE.manifest ? secretInManifest(text, search) : secretInSequence(path, text, search);
    if (left === undefined) continue;
    throw new MediasmithError('SEQUENCE_INVALID', `${out} is not written: ${path} would have a secret in it`, {
      where: out,
      lines: [`It is the ${left.field} of "${left.step}".`],
      hint: 'Write a %variable% in place of the secret.',
    });
  }
}

function secretInSequence(path: string, text: string, search: SecretSearch): Secret | undefined {
  return search.find(path) ?? secretLeftIn(text, readPlain(text), search);
}

/** What the list itself says, such as the name of an option, is no secret, whatever a secret is. */
function secretInManifest(text: string, search: SecretSearch): Secret | undefined {
  const { sequences, references, blanked } = BundleManifest.parse(JSON.parse(text));
  const given = [
    ...sequences.flatMap(({ id, name }) => [id, name]),
    ...references.map(({ name }) => name),
    ...blanked.flatMap(({ step, variable }) => [step, variable]),
  ];
  return given.map((one) => search.find(one)).find((found) => found !== undefined);
}
