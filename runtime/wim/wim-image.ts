export type WimArchitecture = 'x86' | 'arm' | 'ia64' | 'x64' | 'arm64' | 'unknown';

export type WimWindows = {
  architecture: WimArchitecture;
  /** The edition's ID, such as `Professional`; empty where the image has none. */
  edition: string;
  /** `Client`, `Server`, `Server Core`, `WindowsPE`; empty where the image has none. */
  installationType: string;
  productName: string;
  /** `major.minor.build.spbuild`, as far as the image says it. */
  version: string;
  languages: string[];
  defaultLanguage: string;
};

/** One image of a WIM, as the file's XML describes it. */
export type WimImage = {
  /** Counts from 1. */
  index: number;
  name: string;
  description: string;
  displayName?: string;
  /** File data before compression, each hard link counted. */
  bytes: number;
  files: number;
  directories: number;
  /** Only where the image holds a Windows. */
  windows?: WimWindows;
};

/** Gives a property of one image by its path in the XML, or null. */
export type ReadProperty = (name: string) => string | null;

/** The numbers are Windows' PROCESSOR_ARCHITECTURE_* values. */
const ARCHITECTURES: Readonly<Record<string, WimArchitecture>> = {
  0: 'x86',
  5: 'arm',
  6: 'ia64',
  9: 'x64',
  12: 'arm64',
};

/** Describes one image from its properties. */
export function describeImage(index: number, read: ReadProperty): WimImage {
  const displayName = read('DISPLAYNAME');
  const architecture = read('WINDOWS/ARCH');
  return {
    index,
    name: read('NAME') ?? '',
    description: read('DESCRIPTION') ?? '',
    ...(displayName !== null && { displayName }),
    // On NTFS the further names of a file take nothing.
    bytes: Math.max(0, Number(read('TOTALBYTES') ?? 0) - Number(read('HARDLINKBYTES') ?? 0)),
    files: Number(read('FILECOUNT') ?? 0),
    directories: Number(read('DIRCOUNT') ?? 0),
    ...(architecture !== null && { windows: describeWindows(ARCHITECTURES[architecture] ?? 'unknown', read) }),
  };
}

function describeWindows(architecture: WimArchitecture, read: ReadProperty): WimWindows {
  return {
    architecture,
    edition: read('WINDOWS/EDITIONID') ?? '',
    installationType: read('WINDOWS/INSTALLATIONTYPE') ?? '',
    productName: read('WINDOWS/PRODUCTNAME') ?? '',
    version: ['MAJOR', 'MINOR', 'BUILD', 'SPBUILD']
      .map((part) => read(`WINDOWS/VERSION/${part}`))
      .filter((part) => part !== null)
      .join('.'),
    languages: [...languagesOf(read)],
    defaultLanguage: read('WINDOWS/LANGUAGES/DEFAULT') ?? '',
  };
}

function* languagesOf(read: ReadProperty): Generator<string> {
  for (let number = 1; ; number++) {
    const language = read(`WINDOWS/LANGUAGES/LANGUAGE[${number}]`);
    if (language === null) return;
    yield language;
  }
}
