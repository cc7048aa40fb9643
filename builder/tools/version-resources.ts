import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

export type VersionStrings = {
  /** `major.minor.patch`, of the file and of the product. */
  version: string;
  productName: string;
  fileDescription: string;
  originalFilename: string;
};

const TYPE_VERSION = 16;
const US_ENGLISH = 0x0409;
const UNICODE = 1200;
const OS_NT_WINDOWS32 = 0x00040004;
const FILE_TYPE_APPLICATION = 1;

/**
 * A Windows executable (PE) without its Authenticode signature and with these version resources in place of its own;
 * its icon and everything else stay. The same input gives the same bytes.
 */
export function withVersionResources(executable: Uint8Array, strings: VersionStrings): Uint8Array {
  // Whoever ignores the certificate while reading loses it in writing: the signature is of the unchanged file.
  const image = NtExecutable.from(executable, { ignoreCert: true });
  const resources = NtExecutableResource.from(image);
  resources.entries = resources.entries.filter(({ type }) => type !== TYPE_VERSION);
  versionInfo(strings).outputToResourceEntries(resources.entries);
  resources.outputResource(image);
  return new Uint8Array(image.generate());
}

function versionInfo(strings: VersionStrings): Resource.VersionInfo {
  const { version, productName, fileDescription, originalFilename } = strings;
  const [major = 0, minor = 0, patch = 0] = (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '').split('.').map(Number);
  const [high, low] = [major * 0x10000 + minor, patch * 0x10000];
  return Resource.VersionInfo.create({
    lang: US_ENGLISH,
    fixedInfo: {
      ...{ fileVersionMS: high, fileVersionLS: low, productVersionMS: high, productVersionLS: low },
      ...{ fileFlagsMask: 0x3f, fileOS: OS_NT_WINDOWS32, fileType: FILE_TYPE_APPLICATION },
    },
    strings: [
      {
        lang: US_ENGLISH,
        codepage: UNICODE,
        values: {
          ...{ FileDescription: fileDescription, FileVersion: version, OriginalFilename: originalFilename },
          ...{ ProductName: productName, ProductVersion: version },
        },
      },
    ],
  });
}
