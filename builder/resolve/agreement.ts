import { MediasmithError } from '../../runtime/contract/errors.ts';
import { flattenSteps } from '../../runtime/sequence/schema.ts';
import type { ChosenImage } from './resolve-images.ts';
import type { ResolvedProject } from './resolved-project.ts';

type Parts = Pick<ResolvedProject, 'project' | 'wims' | 'winpe'>;

/** Refuses a project whose parts do not fit each other: images, boot environment and sequences. */
export function refuseDisagreement(parts: Parts): void {
  const { file } = parts.project;
  const architectures = architectureLines(parts);
  if (architectures.length > 0) {
    throw new MediasmithError('ARCHITECTURE_MISMATCH', `the images and the boot environment of ${file} do not fit`, {
      where: file,
      lines: architectures,
      hint: 'Take images and a boot environment of one architecture, or make a medium for each.',
    });
  }
  const languages = languageLines(parts);
  if (languages.length === 0) return;
  throw new MediasmithError('PROJECT_INVALID', `a sequence of ${file} asks for a language its image does not have`, {
    where: file,
    lines: languages,
    hint: 'Name a language of the image, or take an image in that language.',
  });
}

function architectureLines({ project, wims, winpe }: Parts): string[] {
  const environment = winpe?.options.architecture ?? 'x64';
  return imagesOf(wims).flatMap(({ name, image: { windows } }) => {
    const architecture = windows?.architecture;
    if (architecture === undefined || architecture === environment) return [];
    const reason =
      architecture === 'x86'
        ? 'a 32-bit Windows is not deployed: its boot files do not start on the machines this environment runs on'
        : `a machine that starts the boot environment (${project.bootEnvironment}, ${environment}) cannot run it`;
    return [`image "${name}" is for ${architecture}: ${reason}`];
  });
}

/** A language Windows is told to speak must be in the image; a variable's value is not known yet. */
function languageLines({ project, wims }: Parts): string[] {
  const images = imagesOf(wims);
  return project.sequences.flatMap(({ file, sequence }) => {
    const steps = flattenSteps(sequence.steps).filter(({ enabled }) => enabled);
    const applied = steps.flatMap((step) => (step.step === 'apply-operating-system' ? [step.image] : []));
    const languages = steps.flatMap((step) => (step.step === 'apply-windows-settings' ? [step.uiLanguage] : []));
    return languages.flatMap((language) =>
      images
        .filter(({ name }) => language !== undefined && applied.includes(name))
        .filter(({ image }) => (image.windows?.languages.length ?? 0) > 0)
        .filter(({ image }) => !image.windows?.languages.some((has) => has.toLowerCase() === language?.toLowerCase()))
        .map(({ name, image }) => `${file}: uiLanguage ${language}: image "${name}" has ${image.windows?.languages}`),
    );
  });
}

function imagesOf(wims: Parts['wims']): ChosenImage[] {
  return wims.flatMap(({ chosen }) => chosen);
}
