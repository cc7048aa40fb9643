import { z } from 'zod';
import { Name } from '../config/content-schema.ts';
import { STICK_LAYOUTS } from '../config/schema.ts';

const MEDIA_KINDS = ['stand-alone', 'capture'] as const;
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
  bootEnvironment: z.enum(BOOT_ENVIRONMENTS),
  winpe: z.string(),
  images: z.array(ImageAnswer),
  drivers: z.array(DriverAnswer),
  sequences: z.array(SequenceAnswer),
  unattended: z.boolean(),
  validUntil: z.string().nullable(),
  validFrom: z.string().nullable(),
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
});
export type Answers = z.infer<typeof Answers>;

/** Answers as far as they are given; what does not apply stays away. */
export const SomeAnswers = Answers.partial();
export type SomeAnswers = Partial<Answers>;

/** Answers to all that applies; what belongs to a boot environment or an output that was not chosen stays away. */
export type ProjectAnswers = Omit<Answers, 'winpe' | 'layout'> & Pick<SomeAnswers, 'winpe' | 'layout'>;

/** Nothing, where a question did not apply. */
const NOTHING = {
  images: [],
  drivers: [],
  validFrom: null,
  passwordEnvironment: null,
  signingPasswordFile: null,
  signingPasswordEnvironment: null,
  pxe: null,
} satisfies SomeAnswers;

/** All answers of a project; an ordinary Error where one is missing that always applies. */
export function completeAnswers(answers: SomeAnswers): ProjectAnswers {
  const all = { ...NOTHING, ...answers };
  Answers.partial({ winpe: true, layout: true }).parse(all);
  return all as ProjectAnswers;
}
