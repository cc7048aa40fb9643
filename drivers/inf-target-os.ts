export type InfArchitecture = 'x86' | 'amd64' | 'ia64' | 'arm' | 'arm64';

/** For which Windows a section is: the decoration `NT[architecture][.major[.minor[.product type[.suite[.build]]]]]`. */
export type TargetOs = {
  /** Left out where none is written. */
  architecture?: InfArchitecture;
  major?: number;
  minor?: number;
  productType?: number;
  suiteMask?: number;
  build?: number;
};

const DECORATION = /^nt(x86|amd64|ia64|arm64|arm)?((?:\.[^.]*){0,5})$/i;
const NUMBERS = ['major', 'minor', 'productType', 'suiteMask', 'build'] as const;

/** Reads a TargetOSVersion decoration without a dot in front; undefined where it is none, as `NT$ARCH$` of a template. */
export function parseTargetOs(decoration: string): TargetOs | undefined {
  const match = DECORATION.exec(decoration.trim());
  if (match === null) return undefined;
  const target: TargetOs = {};
  if (match[1] !== undefined) target.architecture = match[1].toLowerCase() as InfArchitecture;
  const written = (match[2] ?? '').split('.').slice(1);
  for (const [at, text] of written.entries()) {
    const name = NUMBERS[at];
    if (text.trim() === '' || name === undefined) continue;
    const number = Number(text);
    if (!Number.isInteger(number)) return undefined;
    target[name] = number;
  }
  return target;
}

/** Since Windows Server 2003 SP1 a decoration without an architecture, and no decoration, mean x86 (INF Manufacturer Section). */
export function architectureOf(target: TargetOs | undefined): InfArchitecture {
  return target?.architecture ?? 'x86';
}
