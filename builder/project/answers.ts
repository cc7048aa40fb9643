import { z } from 'zod';
import { Name } from '../config/content-schema.ts';
import { STICK_LAYOUTS } from '../config/schema.ts';

const MEDIA_KINDS = ['stand-alone', 'capture', 'prestaged', 'bootable'] as const;
const FIRMWARE = ['uefi', 'bios'] as const;
const BOOT_ENVIRONMENTS = ['linux', 'winpe'] as const;

/** An image that was found in its file. `facts` is what a person should know of it; `language` is empty where it has none. */
const ImageAnswer = z.strictObject({
  name: Name,
  source: z.string(),
  image: z.union([z.int().positive(), z.string()]),
  facts: z.string(),
  language: z.string(),
});
export type ImageAnswer = z.infer<typeof ImageAnswer>;

/** A driver package and the models it is for, with `*` for any text. */
const DriverAnswer = z.strictObject({ name: Name, source: z.string(), model: z.string() });
export type DriverAnswer = z.infer<typeof DriverAnswer>;

/** A template of {@link listTemplates} and the parameters that are not as they stand in it. */
const SequenceAnswer = z.strictObject({ template: z.string(), values: z.record(z.string(), z.string()) });
export type SequenceAnswer = z.infer<typeof SequenceAnswer>;

/** What a project is made of. Sources are absolute paths, what is written counts from the project; null: nothing. */
export const Answers = z.strictObject({
  kind: z.enum(MEDIA_KINDS),
  /** Of bootable media: an address, a share, or a folder of a volume, as media.yaml takes them. */
  contentFrom: z.string(),
  contentUser: z.string().nullable(),
  bootEnvironment: z.enum(BOOT_ENVIRONMENTS),
  winpe: z.string(),
  images: z.array(ImageAnswer),
  drivers: z.array(DriverAnswer),
  sequences: z.array(SequenceAnswer),
  unattended: z.boolean(),
  validUntil: z.string().nullable(),
  validFrom: z.string().nullable(),
  keyboard: z.string(),
  passwordFile: z.string().nullable(),
  passwordEnvironment: z.string().nullable(),
  signingKey: z.string().nullable(),
  signingPasswordFile: z.string().nullable(),
  signingPasswordEnvironment: z.string().nullable(),
  name: z.string(),
  label: z.string(),
  iso: z.string().nullable(),
  usb: z.string().nullable(),
  layout: z.enum(STICK_LAYOUTS),
  pxe: z.string().nullable(),
  pxeUrl: z.string(),
  wimboot: z.string(),
  wimbootSha256: z.string(),
  prestaged: z.string().nullable(),
  firmware: z.enum(FIRMWARE),
});
export type Answers = z.infer<typeof Answers>;

/** Answers as far as they are given; what does not apply stays away. */
export const SomeAnswers = Answers.partial();
export type SomeAnswers = Partial<Answers>;

/** Answers to all that applies; what belongs to a boot environment or an output that was not chosen stays away. */
export type ProjectAnswers = Omit<Answers, Conditional> & Pick<SomeAnswers, Conditional>;
type Conditional = keyof typeof CONDITIONAL;

const CONDITIONAL = {
  winpe: true,
  layout: true,
  firmware: true,
  contentFrom: true,
  pxeUrl: true,
  wimboot: true,
  wimbootSha256: true,
} as const;

/** Nothing, where a question did not apply. */
const NOTHING = {
  images: [],
  drivers: [],
  sequences: [],
  contentUser: null,
  validFrom: null,
  passwordFile: null,
  passwordEnvironment: null,
  signingPasswordFile: null,
  signingPasswordEnvironment: null,
  iso: null,
  usb: null,
  pxe: null,
  prestaged: null,
} satisfies SomeAnswers;

/** All answers of a project; an ordinary Error where one is missing that always applies. */
export function completeAnswers(answers: SomeAnswers): ProjectAnswers {
  const all = { ...NOTHING, ...answers };
  Answers.partial(CONDITIONAL).parse(all);
  return all as ProjectAnswers;
}

/** The field of `contentFrom` that a place belongs into, by how it is written. */
export function contentKind(place: string): 'url' | 'share' | 'folder' {
  if (/^https?:/i.test(place)) return 'url';
  return /^[\\/]{2}/.test(place) ? 'share' : 'folder';
}
