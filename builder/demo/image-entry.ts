/** One name in the stand-in image. Paths have forward slashes and do not begin with one. */
export type ImageEntry = (
  | { kind: 'folder'; path: string }
  | { kind: 'file'; path: string; content: FileContent; streams?: Record<string, string> }
  | { kind: 'hard-link'; path: string; target: string }
  | { kind: 'junction' | 'directory-symlink'; path: string; target: string }
) &
  EntryMarks;

/** What NTFS keeps beside the name and the content. A hard link has the marks of its target. */
export type EntryMarks = {
  security: SecurityKind;
  /** The 8.3 name. */
  shortName?: string;
  hidden?: boolean;
  system?: boolean;
  readOnly?: boolean;
};

export type SecurityKind = 'trusted-installer' | 'system' | 'users' | 'everyone-denied';

/** Filler is made while the image is written: an image of hundreds of megabytes never lies in memory. */
export type FileContent =
  | { from: 'bytes'; bytes: Uint8Array }
  | { from: 'filler'; filler: FillerKind; size: number; seed: number };

/** How it compresses: `program` like machine code (and with the headers of one), `text` like text, `noise` not at all. */
export type FillerKind = 'program' | 'library' | 'driver' | 'text' | 'noise';

export function sizeOf(content: FileContent): number {
  return content.from === 'bytes' ? content.bytes.length : content.size;
}
