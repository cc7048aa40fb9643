import { type BaseBlock, Constructed, fromBER, ObjectIdentifier } from 'asn1js';

/** One value of ASN.1: its tag, its bytes with and without the tag, and the values inside it. */
export type Asn1 = {
  /** 1 universal, 3 context-specific. */
  tagClass: number;
  tag: number;
  /** With tag and length. */
  encoded: Uint8Array;
  /** Without; empty where there are values inside. */
  content: Uint8Array;
  /** An object identifier in dotted decimals. */
  identifier?: string;
  inside: readonly Asn1[];
};

/**
 * Decodes one value at the start of the bytes; what follows it is padding. Undefined for what is no ASN.1, or so deep or
 * so large that no certificate is like it.
 */
export function decodeAsn1(bytes: Uint8Array): Asn1 | undefined {
  try {
    const { offset, result } = fromBER(bytes);
    return offset === -1 ? undefined : plain(result);
  } catch {
    return undefined;
  }
}

function plain(block: BaseBlock): Asn1 {
  return {
    tagClass: block.idBlock.tagClass,
    tag: block.idBlock.tagNumber,
    encoded: block.valueBeforeDecodeView,
    content: 'valueHexView' in block.valueBlock ? (block.valueBlock.valueHexView as Uint8Array) : new Uint8Array(),
    ...(block instanceof ObjectIdentifier && { identifier: block.valueBlock.toString() }),
    inside: block instanceof Constructed ? block.valueBlock.value.map(plain) : [],
  };
}
