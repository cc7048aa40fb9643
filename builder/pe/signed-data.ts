import { X509Certificate } from 'node:crypto';
import { type Asn1, decodeAsn1 } from './asn1.ts';

/** What an Authenticode signature says: PKCS #7 SignedData (RFC 2315) around Microsoft's SpcIndirectDataContent. */
export type SignedData = {
  digest: { algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512'; value: Uint8Array };
  signer: X509Certificate;
  certificates: X509Certificate[];
};

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SPC_INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';
const CONTEXT_SPECIFIC = 3;
const HASHES: Readonly<Record<string, SignedData['digest']['algorithm']>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Throws an ordinary Error, saying what is amiss, for a blob that is no Authenticode signature. */
export function readSignedData(blob: Uint8Array): SignedData {
  const info = decodeAsn1(blob);
  if (info?.inside[0]?.identifier !== SIGNED_DATA) throw new Error('it is no PKCS #7 signed data');
  const parts = info.inside[1]?.inside[0]?.inside ?? [];
  const [, , content] = parts;
  const signerInfo = parts.at(-1)?.inside[0];
  const certificates = (parts.find((part) => part.tagClass === CONTEXT_SPECIFIC && part.tag === 0)?.inside ?? []).map(
    readCertificate,
  );
  return {
    digest: readDigest(content),
    signer: findSigner(signerInfo, certificates),
    certificates: certificates.map(({ x509 }) => x509),
  };
}

type Certificate = { x509: X509Certificate; serial: Uint8Array; issuer: Uint8Array };

/** TBSCertificate has its version, tagged, in front of the serial number; the first edition had none. */
function readCertificate(value: Asn1): Certificate {
  const fields = value.inside[0]?.inside ?? [];
  const first = fields[0]?.tagClass === CONTEXT_SPECIFIC ? 1 : 0;
  const serial = fields[first]?.content;
  const issuer = fields[first + 2]?.encoded;
  if (serial === undefined || issuer === undefined) throw new Error('a certificate in it is cut short');
  return { x509: new X509Certificate(value.encoded), serial, issuer };
}

function readDigest(content: Asn1 | undefined): SignedData['digest'] {
  if (content?.inside[0]?.identifier !== SPC_INDIRECT_DATA) throw new Error('it does not sign a program');
  const [algorithm, value] = content.inside[1]?.inside[0]?.inside[1]?.inside ?? [];
  const name = HASHES[algorithm?.inside[0]?.identifier ?? ''];
  if (name === undefined || value === undefined) throw new Error('it uses a hash nobody uses');
  return { algorithm: name, value: value.content };
}

function findSigner(signerInfo: Asn1 | undefined, certificates: readonly Certificate[]): X509Certificate {
  const [issuer, serial] = signerInfo?.inside[1]?.inside ?? [];
  const signer = certificates.find(
    (certificate) => same(certificate.serial, serial?.content) && same(certificate.issuer, issuer?.encoded),
  );
  if (signer === undefined) throw new Error("the signer's certificate is not in it");
  return signer.x509;
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
