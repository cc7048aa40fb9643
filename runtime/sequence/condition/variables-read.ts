import { namesIn } from './expand.ts';
import type { Condition } from './schema.ts';

/** Variables of every Windows' environment: a text that names one need not mean a variable of the sequence. */
const OF_WINDOWS = `ALLUSERSPROFILE APPDATA CommonProgramFiles CommonProgramFiles(x86) CommonProgramW6432 COMPUTERNAME ComSpec
  HOMEDRIVE HOMEPATH LOCALAPPDATA NUMBER_OF_PROCESSORS OS PATH PATHEXT PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER
  ProgramData ProgramFiles ProgramFiles(x86) ProgramW6432 PUBLIC SystemDrive SystemRoot TEMP TMP USERDOMAIN USERNAME
  USERPROFILE windir`;
const WINDOWS_NAMES = new Set(OF_WINDOWS.toLowerCase().split(/\s+/));

/** A pattern's percent signs are wildcards: `LIKE '%Dell%'` most likely names no variable. */
const PATTERN = /\bLIKE\s+("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')/gi;

/**
 * The variables of the task sequence that a condition reads, each once, also those between percent signs in its texts.
 * Windows' own and what stands in a pattern of WQL are left out.
 */
export function variablesRead(condition: Condition): string[] {
  const names = new Map<string, string>();
  for (const name of namesOf(condition)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

function namesOf(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(namesOf);
  if ('any' in condition) return condition.any.flatMap(namesOf);
  if ('none' in condition) return condition.none.flatMap(namesOf);
  if ('variable' in condition) return [condition.variable, ...namesIn(condition.value ?? '')];
  if ('file' in condition) return fromTexts(condition.file, condition.version?.value);
  if ('folder' in condition) return fromTexts(condition.folder);
  if ('registry' in condition) return fromTexts(condition.registry, condition.data);
  if ('wql' in condition) return fromTexts(condition.wql.replace(PATTERN, ''), condition.namespace);
  return [];
}

function fromTexts(...texts: (string | undefined)[]): string[] {
  return texts.flatMap((text) => namesIn(text ?? '')).filter((name) => !WINDOWS_NAMES.has(name.toLowerCase()));
}
