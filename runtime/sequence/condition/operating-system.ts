import { z } from 'zod';
import type { ConditionFacts } from '../../contract/facts.ts';
import type { OperatingSystem } from '../../contract/machine.ts';
import { closest } from '../closest.ts';
import { versionOrder } from './comparison.ts';
import { LANGUAGES, lcidOf } from './languages.ts';
import { notEvaluated, type Verdict, verdict } from './verdict.ts';

const Version = z.string().regex(/^\d+(\.\d+){0,3}$/, 'a version has up to four numbers with dots between: 10.0.22631');

export const OperatingSystemCondition = z.strictObject({
  operatingSystem: z
    .strictObject({
      version: z
        .strictObject({
          min: Version.optional().describe('This version or a newer one'),
          max: Version.optional().describe('This version or an older one; 10.0.22631 includes every update of it'),
        })
        .optional()
        .describe('Major, minor, build and update revision; as many of them as are given are compared'),
      build: z
        .strictObject({
          min: z.int().min(0).optional().describe('This build or a newer one'),
          max: z.int().min(0).optional().describe('This build or an older one'),
        })
        .optional()
        .describe('The build number: 22000 is the first of Windows 11'),
      architecture: z.enum(['x86', 'x64', 'arm64']).optional().describe('What the Windows that runs is made for'),
      productType: z.enum(['client', 'server']).optional().describe('A domain controller is a server'),
    })
    .refine((asked) => Object.keys(asked).length > 0, { error: 'it asks nothing of the operating system' })
    .describe('The Windows that runs; what is given must all be so'),
});
export type OperatingSystemCondition = z.infer<typeof OperatingSystemCondition>;

const Language = z.union([
  z.int().min(1).max(0xf_ffff),
  z.string().refine((tag) => lcidOf(tag) !== undefined, { error: ({ input }) => unknownLanguage(String(input)) }),
]);

export const OsLanguageCondition = z.strictObject({
  osLanguage: z
    .union([Language, z.array(Language).min(1)])
    .describe('The language Windows was installed in: its LCID (1031) or tag (de-DE), or a list of which one must fit'),
});
export type OsLanguageCondition = z.infer<typeof OsLanguageCondition>;

/** Not evaluated in a boot environment: its own system is not what anybody asks about. */
export function evaluateOperatingSystem({ operatingSystem: asked }: OperatingSystemCondition, facts: ConditionFacts) {
  const running = runningWindows(facts);
  const full = `${running.version}.${running.revision}`;
  const tests: [boolean, string][] = [];
  const test = <T>(wanted: T | undefined, holds: (wanted: T) => boolean, words: string) => {
    if (wanted !== undefined) tests.push([holds(wanted), `${words} ${wanted}`]);
  };
  test(asked.version?.min, (min) => versionOrder(sameLength(full, min), min) >= 0, 'version at least');
  test(asked.version?.max, (max) => versionOrder(sameLength(full, max), max) <= 0, 'version at most');
  test(asked.build?.min, (min) => running.build >= min, 'build at least');
  test(asked.build?.max, (max) => running.build <= max, 'build at most');
  test(asked.architecture, (architecture) => running.architecture === architecture, 'architecture');
  test(asked.productType, (type) => (running.productType === 'client') === (type === 'client'), 'product type');
  const found = `${running.caption}, version ${full}, ${running.architecture}, ${running.productType}`;
  const words = tests.map(([, word]) => word).join(' and ');
  const holds = tests.every(([one]) => one);
  return verdict(holds, 'operating system', found, words === '' ? 'runs' : words);
}

export function evaluateOsLanguage({ osLanguage }: OsLanguageCondition, facts: ConditionFacts): Verdict {
  const { language } = runningWindows(facts);
  const asked = [osLanguage].flat();
  const holds = asked.some((one) => (typeof one === 'number' ? one : lcidOf(one)) === language);
  return verdict(holds, 'language of the operating system', String(language), asked.join(' or '));
}

function runningWindows({ machine }: ConditionFacts): OperatingSystem {
  if (machine.operatingSystem !== undefined) return machine.operatingSystem;
  throw notEvaluated(
    'no Windows runs here but a boot environment, whose own system is not what is asked for',
    'Put the variable condition _SMSTSInWinPE equals false beside it in "all", or give the step runIn: full-os.',
  );
}

function sameLength(version: string, asked: string): string {
  return version.split('.').slice(0, asked.split('.').length).join('.');
}

function unknownLanguage(tag: string): string {
  const near = closest(tag, LANGUAGES.keys());
  return `"${tag}" is no language known here; ${near === undefined ? 'give its LCID' : `did you mean "${near}"?`}`;
}
