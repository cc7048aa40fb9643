import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../runtime/host/exec.ts';

/** What a throw-away certificate calls its authority: the names Microsoft's have. */
export const AUTHORITIES = {
  2011: 'Microsoft Windows Production PCA 2011',
  2023: 'Windows UEFI CA 2023',
  shim: 'Microsoft Corporation UEFI CA 2011',
} as const;

export type SignedBy = keyof typeof AUTHORITIES;

export type Signer = (file: Uint8Array, by: SignedBy) => Promise<Uint8Array>;

const ROOT_NAME = 'Microsoft Root Certificate Authority 2010';

/**
 * Makes a key and certificates below `folder` and returns what signs with them. As in Microsoft's files the signer and its
 * authority are in the signature and the root is not.
 */
export async function makeSigner(folder: string): Promise<Signer> {
  await mkdir(folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  await exec(['openssl', 'genrsa', '-out', path('key.pem'), '2048']);
  await certificate(folder, 'root', ROOT_NAME);
  for (const [by, name] of Object.entries(AUTHORITIES)) {
    await certificate(folder, `authority-${by}`, name, 'root');
    await certificate(folder, `signer-${by}`, 'Microsoft Windows', `authority-${by}`);
    const chain = [await readFile(path(`signer-${by}.pem`)), await readFile(path(`authority-${by}.pem`))];
    await writeFile(path(`chain-${by}.pem`), Buffer.concat(chain));
  }
  let count = 0;
  return async (file, by) => {
    const name = path(`file-${count++}`);
    await writeFile(name, file);
    const sign = ['sign', '-certs', path(`chain-${by}.pem`), '-key', path('key.pem')];
    await exec(['osslsigncode', ...sign, '-h', 'sha256', '-in', name, '-out', `${name}.signed`]);
    const signed = await readFile(`${name}.signed`);
    for (const done of [name, `${name}.signed`]) await rm(done);
    return new Uint8Array(signed);
  };
}

/** One key serves them all: only the names differ. */
async function certificate(folder: string, file: string, name: string, issuer?: string): Promise<void> {
  const path = (part: string) => join(folder, `${part}.pem`);
  const by = issuer === undefined ? [] : ['-CA', path(issuer), '-CAkey', path('key')];
  const kind = file.startsWith('signer')
    ? ['-addext', 'basicConstraints=CA:FALSE', '-addext', 'extendedKeyUsage=codeSigning']
    : [];
  const subject = `/C=US/ST=Washington/L=Redmond/O=Microsoft Corporation/CN=${name}`;
  const made = ['-x509', '-new', '-key', path('key'), '-subj', subject, '-days', '365', '-out', path(file)];
  await exec(['openssl', 'req', ...made, ...by, ...kind]);
}
