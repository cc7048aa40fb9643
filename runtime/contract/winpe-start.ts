import { z } from 'zod';
import { MediumPath } from './manifest.ts';

/** The folder of a boot image that holds the runtime and what it is started with: `X:\mediasmith` in WinPE. */
export const WINPE_FOLDER = 'mediasmith';
/** The file in that folder that holds a {@link WinpeStart}. */
export const WINPE_START_FILE = 'medium.json';

/** `0407:00000407`: a language and a keyboard layout, both in hexadecimal, as wpeutil SetKeyboardLayout takes them. */
const KeyboardLayout = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{8}$/i, 'a language and a layout, such as 0407:00000407');

/** What the builder tells the runtime that starts in WinPE. */
export const WinpeStart = z.object({
  formatVersion: z.literal(1),
  bootImage: z.uuid().describe('Names the boot image: a medium says in its manifest which one starts it'),
  keyboardLayout: KeyboardLayout.optional(),
  commandPrompt: z.boolean().describe('Whether a key opens a command prompt beside the running sequence'),
  publicKey: z
    .string()
    .optional()
    .describe('Who must have signed the medium: the line of base64 of a public key of minisign'),
  drivers: z.array(MediumPath).describe('Folders beside this file whose drivers are loaded before anything else'),
});
export type WinpeStart = z.infer<typeof WinpeStart>;

/**
 * What the network start tells WinPE besides. wimboot puts every file it is given that it does not need itself into
 * `X:\Windows\System32` (its change log, 2.6.0), by a name of at most 31 characters.
 */
export const WINPE_NETWORK_FILE = 'mediasmith-network.json';

/** The address of a folder on a web server; with a slash at its end once it is read. */
const MediumAddress = z
  .url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
  .transform((address) => (address.endsWith('/') ? address : `${address}/`));

/** The content of {@link WINPE_NETWORK_FILE}. */
export const WinpeNetwork = z.object({
  formatVersion: z.literal(1),
  url: MediumAddress.describe('The folder of the medium on the web server'),
});
export type WinpeNetwork = z.infer<typeof WinpeNetwork>;
