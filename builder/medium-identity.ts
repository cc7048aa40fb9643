import { createHash } from 'node:crypto';
import type { MediaProject } from './config/load.ts';
import { identityTime, type MediumIdentity } from './iso-identity.ts';
import type { Variant } from './output-files.ts';
import type { MediaPlan } from './plan/plan.ts';
import { uuidFrom } from './uuid-from.ts';

/** The names of a medium, all drawn from what goes into it: the same inputs name the same medium. */
export type MediumNames = { id: string; iso: MediumIdentity };

/** The years a volume's creation time may fall in: every reader of ISO 9660 and FAT takes them for valid. */
const YEARS = { from: Date.UTC(2000, 0), to: Date.UTC(2036, 0) };

/**
 * `made` are the keys of what the build has made: the boot environment, the content packages, the seal. Nothing of when or
 * where a medium is built is part of its names, and nothing of what its password protects: a digest of a short secret tells
 * it to whoever tries all of them. The seal's own key stands for that, which is new in each build: so is the medium, which
 * only the identity of that build opens.
 */
export function nameMedium(
  { resolved, wims, packages, runtimes }: MediaPlan,
  { signing }: Variant,
  made: readonly string[],
  version: string,
): MediumNames {
  const { project } = resolved;
  const { name, label, unattended, applications, valid, prestart, copyFirst, autorun, contentFrom } = project;
  const { keyboardLayout } = project;
  const inputs = {
    version,
    made,
    signing,
    name,
    label,
    unattended,
    options: { valid, prestart, copyFirst, autorun, contentFrom, keyboardLayout },
    discs: project.outputs.flatMap(({ mediaSize }) => mediaSize ?? []),
    ...(project.password === undefined && openInputs(project)),
    wims: wims.map(({ path, source, how, split, partBytes, images }) => ({
      path,
      form: [how, split, partBytes],
      fingerprint: source.fingerprint,
      images,
      from: source.chosen.map(({ index }) => index),
    })),
    packages: packages.map((item) => item.name),
    applications,
    upgradePackages: resolved.upgradePackages.map((item) => [item.name, item.fingerprint]),
    runtimes,
  };
  const digest = createHash('sha256').update(JSON.stringify(inputs)).digest();
  return {
    id: uuidFrom(digest.subarray(0, 16)),
    iso: { uuid: timeFrom(digest.subarray(16, 24)), gptGuid: uuidFrom(digest.subarray(8, 24)) },
  };
}

/**
 * The names of a boot image, drawn from what goes into it alone: a medium that is built anew with another sequence has the
 * same image, so that its stick is up to date with a few megabytes.
 */
export function nameBootImage(inputs: readonly (string | undefined)[]): { id: string; time: Date } {
  const digest = createHash('sha256').update(JSON.stringify(inputs)).digest();
  const uuid = timeFrom(digest.subarray(16, 24));
  return { id: uuidFrom(digest.subarray(0, 16)), time: new Date(identityTime({ uuid, gptGuid: '' }) * 1000) };
}

/** The names of a later disc of a set: GRUB and the runtime must never take it for the first. */
export function discIdentity({ uuid, gptGuid }: MediumIdentity, disc: number): MediumIdentity {
  const digest = createHash('sha256')
    .update(JSON.stringify([uuid, gptGuid, disc]))
    .digest();
  return { uuid: timeFrom(digest.subarray(0, 8)), gptGuid: uuidFrom(digest.subarray(8, 24)) };
}

function openInputs({ sequences, variables, machines, preferredSequence }: MediaProject) {
  return {
    sequences: sequences.map(({ sequence }) => sequence),
    variables,
    machines: machines?.value,
    preferredSequence,
  };
}

/** Sixteen digits `YYYYMMDDhhmmsscc` somewhere in the years that every reader takes. */
function timeFrom(bytes: Uint8Array): string {
  const centiseconds = Number(Buffer.from(bytes).readBigUInt64BE() % BigInt((YEARS.to - YEARS.from) / 10));
  return new Date(YEARS.from + centiseconds * 10).toISOString().replace(/\D/g, '').slice(0, 16);
}
