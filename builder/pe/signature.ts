import type { X509Certificate } from 'node:crypto';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { notPe } from './bounded-bytes.ts';
import { authenticodeDigest, certificateTable } from './certificate-table.ts';
import { type PeHeaders, readHeaders } from './pe-headers.ts';
import { readSignedData } from './signed-data.ts';

export type PeCertificate = {
  name: string;
  issuer: string;
  /** SHA-1 and SHA-256 over the certificate, hexadecimal, in capitals and without colons. */
  thumbprint: string;
  sha256: string;
  validFrom: Date;
  validTo: Date;
};

/** One signature of a PE file. */
export type PeSignature = {
  /** From the signer's to the last certificate that is in the file. */
  certificates: PeCertificate[];
  /** The same as common names, and behind them the issuer of the last, which is not in the file unless it signed itself. */
  chain: string[];
  digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** The file is the one that was signed. Whether the signature itself is right, the firmware finds out. */
  matches: boolean;
};

/**
 * Every signature of a PE file, in its order; none for an unsigned one. Firmware looks at the first that it trusts.
 *
 * Throws `SOURCE_INVALID`, naming `where`, for a file or a signature that is broken.
 */
export function readSignatures(file: Uint8Array, where: string): PeSignature[] {
  const headers = readHeaders(file, where);
  return certificateTable(headers, where).map((blob) => readBlob(headers, blob, where));
}

function readBlob(headers: PeHeaders, blob: Uint8Array, where: string): PeSignature {
  try {
    return readAuthenticode(headers, blob);
  } catch (cause) {
    if (isMediasmithError(cause)) throw cause;
    throw notPe(where, `its signature cannot be read: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

function readAuthenticode(headers: PeHeaders, blob: Uint8Array): PeSignature {
  const { digest, signer, certificates } = readSignedData(blob);
  const path = certificationPath(signer, certificates);
  const last = path.at(-1) ?? signer;
  return {
    certificates: path.map(describe),
    chain: [...path.map(nameOf), ...(last.subject === last.issuer ? [] : [issuerOf(last)])],
    digest: digest.algorithm,
    matches: authenticodeDigest(headers, digest.algorithm).equals(digest.value),
  };
}

/** Each certificate once, so that two that vouch for each other come to an end. */
function certificationPath(signer: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const path = [signer];
  for (let last = signer; last.subject !== last.issuer; ) {
    const next = certificates.find((candidate) => !path.includes(candidate) && last.checkIssued(candidate));
    if (next === undefined) break;
    path.push(next);
    last = next;
  }
  return path;
}

function describe(certificate: X509Certificate): PeCertificate {
  return {
    name: nameOf(certificate),
    issuer: issuerOf(certificate),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256: certificate.fingerprint256.replaceAll(':', ''),
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
  };
}

const nameOf = (certificate: X509Certificate): string => commonName(certificate.subject);
const issuerOf = (certificate: X509Certificate): string => commonName(certificate.issuer);

/** The last line of a name that has no common name says most. */
function commonName(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.split('\n').at(-1) ?? '';
}
