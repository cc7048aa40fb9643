import { z } from 'zod';
import { MediumPath } from './manifest.ts';

/** The folder of a boot image that holds the runtime and what it is started with: `X:\mediasmith` in WinPE. */
export const WINPE_FOLDER = 'mediasmith';
/** The file in that folder that holds a {@link WinpeStart}. */
export const WINPE_START_FILE = 'medium.json';

/** `0407:00000407`: a language and a keyboard layout, both in hexadecimal, as wpeutil SetKeyboardLayout takes them. */
export const KeyboardLayout = z
  .string()
  .regex(/^[0-9a-f]{4}:[0-9a-f]{8}$/i, 'a language and a layout, such as 0407:00000407');

/** What the builder tells the runtime that starts in WinPE. */
export const WinpeStart = z.object({
  formatVersion: z.literal(1),
  mediumId: z.uuid().describe('The medium that the image belongs to: the runtime looks for its manifest'),
  keyboardLayout: KeyboardLayout.optional(),
  commandPrompt: z.boolean().describe('Whether a key opens a command prompt beside the running sequence'),
  drivers: z.array(MediumPath).describe('Folders beside this file whose drivers are loaded before anything else'),
});
export type WinpeStart = z.infer<typeof WinpeStart>;
