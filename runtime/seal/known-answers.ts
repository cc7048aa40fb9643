import { isMediasmithError } from '../contract/errors.ts';
import { decryptWithIdentity } from './age.ts';
import { parsePublicKey, verifySignature } from './minisign.ts';
import { openContent, openIdentity, sealContent } from './sealed-content.ts';

/** What age and minisign themselves have made of this text, of a password of the same word, and of keys that sign nothing else. */
const TEXT = 'mediasmith\n';
const PASSWORD = 'mediasmith';

/** `age -p` of an identity: 2^18 rounds of scrypt, as every sealed medium has it. */
const PASSWORD_AGE = [
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBQcUtUN1Y4MDVYNGpKbUQrbWxEWEdBIDE4CnMzK0RiN3ZlSnVKSkRDZnhVSXRBbEhO',
  'V1lnWEk3a2ltUDVFc1A3SXhzQ28KLS0tIEREUENNUmtxSmtrOFJGOE84by8xNHVXS0VkN2xCMHJMSHFQc0FPdFFPeDgK9kaxzjDaxPMEhgc4',
  'hTgEfkVSBSdeKG7smmo/6q/Gz8RNLXi1yFP638fJb0N5gPBh9171JAP/sNNQCSvZdNP9018k3e1ELnyAH+3nRLnm7x7XtcwqMd4YN810PXZM',
  'qYdeAOPVSlo4aeOdQWE=',
];
const SEALED_AGE = [
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSAvVzBIK2VtbVpmNkY1V0FUckhaSXBnaWVGdzlNSVI5T2FwWkN2S0h5NnpRCjhEaDNi',
  'cmFheDVPQUJnZndZb3Q3Y2JOckV3L1I1TzhYdUZFcG1jQkJkSWsKLS0tIEFrSVRtOUk3K3dUWkNJR3RpVHl4UXdTako5WWU3Z3ZRL0hLTzVB',
  'NU5aTHcKT4vN76UynfJfH7n8dYbo3vRxo+XAeQeY5WixPjOf4kNAjS3pGd8YR9N7LQ==',
];
const PUBLIC_KEY = 'RWTfBQPanBY0kAej8pnvN3QZcWfdg3Ym2urFuf5wz3ZFMopF/yp/5vbv';
const SIGNATURE = [
  'untrusted comment: signature from minisign secret key',
  'RUTfBQPanBY0kNyBruwB6MYsiJlLUtp1+g5rZIrU57E9ZC0zIf66EHaThqU6JDZ7KkRjjQAAb/v9XRgD0y6coOmWIofkO4atSA8=',
  'trusted comment: known answer',
  'DyJ6f4TVkHyhEa1XMqS/up+F017xMm2ZlCkcGKtZFnH4zekb7GdoNrmpfNVYlJ40AjRb4MXls3y8UTqOuldNBQ==',
].join('\n');
/** The least cost: what a password costs is tried on age's own file. */
const CHEAP = 4;

/** For the self-test of the runtime: `detail` is for a person. An ordinary Error means that it does not work either. */
export const SEAL_CHECKS = [
  {
    name: 'age',
    run: async () => {
      const began = performance.now();
      const ok = await agePasses();
      return { ok, detail: `a password takes ${((performance.now() - began) / 1000).toFixed(1)} s` };
    },
  },
  { name: 'minisign', run: async () => ({ ok: minisignPasses(), detail: 'a signature and an altered text' }) },
] as const;

/** Whether a password and its identity open what age has encrypted, a wrong one does not, and what is sealed here opens again. */
async function agePasses(): Promise<boolean> {
  const identity = await openIdentity(fromBase64(PASSWORD_AGE), PASSWORD);
  if (identity === undefined || (await decryptWithIdentity(fromBase64(SEALED_AGE), identity)) !== TEXT) return false;
  const files = await sealContent({ formatVersion: 1, sequences: [], variables: [] }, PASSWORD, CHEAP);
  if ((await openIdentity(files.identity, `${PASSWORD}?`)) !== undefined) return false;
  const own = await openIdentity(files.identity, PASSWORD);
  return own !== undefined && (await openContent(files.sealed, own))?.formatVersion === 1;
}

/** Whether a signature of minisign holds for what it was made over, and for nothing else. */
function minisignPasses(): boolean {
  return isSigned(TEXT) && !isSigned(TEXT.toUpperCase());
}

function isSigned(text: string): boolean {
  try {
    verifySignature(Buffer.from(text), SIGNATURE, parsePublicKey(PUBLIC_KEY));
    return true;
  } catch (error) {
    if (isMediasmithError(error)) return false;
    throw error;
  }
}

function fromBase64(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'base64');
}
