/** The state of a sequence and what DISM leaves while it works: never a part of an image. */
const OURS = ['\\_SMSTaskSequence', '\\MediasmithScratch'];
/** What Windows makes anew, or what means nothing on another computer (Microsoft: "DISM configuration list files"). */
const OF_WINDOWS = [
  '\\$ntfs.log',
  '\\hiberfil.sys',
  '\\pagefile.sys',
  '\\swapfile.sys',
  '\\System Volume Information',
  '\\RECYCLER',
  '\\$Recycle.Bin',
  '\\Windows\\CSC',
];
const COMPRESSED = ['*.mp3', '*.zip', '*.cab', '\\WINDOWS\\inf\\*.pnf'];

/** What is left out of an image: what always is, and what the sequence names. */
export function allExclusions(named: readonly string[]): string[] {
  return [...OF_WINDOWS, ...OURS, ...named.map((path) => path.replaceAll('/', '\\'))];
}

/** DISM's list of exclusions. In ASCII, or in UTF-16 with its mark where a path needs it: its code page is unknown. */
export function wimScript(exclusions: readonly string[]): Buffer {
  const lines = ['[ExclusionList]', ...exclusions, '', '[CompressionExclusionList]', ...COMPRESSED, ''];
  const text = lines.join('\r\n');
  return /^[\x20-\x7e\r\n]*$/.test(text) ? Buffer.from(text, 'latin1') : Buffer.from(`\ufeff${text}`, 'utf16le');
}

/**
 * Whether a path of an image, with forward slashes, is left out by a list: one that begins with a backslash is meant from
 * the root, another by the name alone. What is in a folder that is left out goes with it.
 */
export function isExcluded(path: string, exclusions: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return exclusions.some((pattern) => {
    const plain = pattern.replaceAll('\\', '/');
    return expression(plain).test(plain.startsWith('/') ? path : name);
  });
}

function expression(pattern: string): RegExp {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (character) =>
    character === '*' ? '[^/]*' : character === '?' ? '[^/]' : `\\${character}`,
  );
  return new RegExp(`^${source}$`, 'i');
}
