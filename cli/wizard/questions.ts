import type { AnyQuestion } from './question.ts';
import { DRIVERS } from './questions/drivers.ts';
import { IMAGES } from './questions/images.ts';
import { BOOT_ENVIRONMENT, CONTENT_FROM, CONTENT_USER, KIND, WINPE } from './questions/medium.ts';
import {
  FIRMWARE,
  ISO,
  LABEL,
  LAYOUT,
  NAME,
  PRESTAGED,
  PXE,
  PXE_URL,
  USB,
  WIMBOOT,
  WIMBOOT_SHA256,
} from './questions/output.ts';
import {
  KEYBOARD,
  PASSWORD_ENVIRONMENT,
  PASSWORD_FILE,
  SIGNING_KEY,
  SIGNING_PASSWORD_ENVIRONMENT,
  SIGNING_PASSWORD_FILE,
  UNATTENDED,
  VALID_FROM,
  VALID_UNTIL,
} from './questions/security.ts';
import { SEQUENCES } from './questions/sequences.ts';

/** Everything the wizard asks, in order. Prompts, flags and what is said of missing flags come from here alone. */
export const QUESTIONS: readonly AnyQuestion[] = [
  KIND,
  CONTENT_FROM,
  CONTENT_USER,
  BOOT_ENVIRONMENT,
  WINPE,
  IMAGES,
  DRIVERS,
  SEQUENCES,
  UNATTENDED,
  VALID_UNTIL,
  VALID_FROM,
  KEYBOARD,
  PASSWORD_FILE,
  PASSWORD_ENVIRONMENT,
  SIGNING_KEY,
  SIGNING_PASSWORD_FILE,
  SIGNING_PASSWORD_ENVIRONMENT,
  NAME,
  LABEL,
  ISO,
  USB,
  LAYOUT,
  PXE,
  PXE_URL,
  WIMBOOT,
  WIMBOOT_SHA256,
  PRESTAGED,
  FIRMWARE,
];

/** The flag without its value. */
export function nameOf(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}
