/** Where the bytes of one file on the medium come from: a file read in place, or bytes made for this medium. */
export type MediaSource = { kind: 'file'; path: string; sha256?: string } | { kind: 'bytes'; data: Uint8Array };

/** What is on a medium: the path there (with `/`, no leading one) and where its bytes come from. */
export type MediaTree = Map<string, MediaSource>;

export type ReadonlyMediaTree = ReadonlyMap<string, MediaSource>;

/** A file that is read where it lies; its SHA-256 where that is known already. */
export function fromFile(path: string, sha256?: string): MediaSource {
  return { kind: 'file', path, ...(sha256 !== undefined && { sha256 }) };
}

/** Text as UTF-8 bytes. */
export function fromText(text: string): MediaSource {
  return { kind: 'bytes', data: new TextEncoder().encode(text) };
}
