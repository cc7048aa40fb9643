import { flag, leftOut, optional, type StepMapper, whole } from '../mapping.ts';
import { textOf } from '../model.ts';
import { imageTarget } from './target-volume.ts';

export const applyOperatingSystem: StepMapper = (step, notes, place) => {
  const get = (name: string): string => textOf(step.variables, name);
  const [image, upgrade] = [get('ImagePackageID'), get('InstallPackageID')];
  if (image === '' && upgrade === '') return leftOut('it names neither an image nor an upgrade package');
  const index = whole(get(image === '' ? 'OSDInstallEditionIndex' : 'OSDImageIndex'));
  const keyboard = whole(get('OSDLayeredDriver') || get('LayeredDriver'));
  const [answers, answerFile] = [get('ConfigFilePackage'), get('OSDConfigFileName')];
  if (image === '') notes.changed('an image is applied: the one of the upgrade package that its index names');
  return {
    step: 'apply-operating-system',
    image: notes.supply('image', image || upgrade),
    ...(index !== undefined && index > 0 && { imageIndex: index }),
    ...imageTarget(step, notes, place, 'windows'),
    ...(keyboard !== undefined && keyboard > 0 && { layeredDriver: keyboard }),
    ...(answers !== '' && answerFile !== '' && { answerFilePackage: notes.supply('package', answers), answerFile }),
  };
};

export const applyDataImage: StepMapper = (step, notes, place) => {
  const index = whole(textOf(step.variables, 'OSDDataImageIndex'));
  const id = textOf(step.variables, 'ImagePackageID');
  if (id === '') return leftOut('it names no image');
  return {
    step: 'apply-data-image',
    image: notes.supply('image', id),
    ...(index !== undefined && index > 0 && { imageIndex: index }),
    ...dataTarget(step, notes, place),
    ...(textOf(step.variables, 'OSDWipeDestinationPartition') !== '' &&
      !flag(textOf(step.variables, 'OSDWipeDestinationPartition')) && { wipe: false }),
  };
};

function dataTarget(...[step, notes, place]: Parameters<StepMapper>): Readonly<Record<string, unknown>> {
  const target = imageTarget(step, notes, place, 'data');
  return 'volume' in target || 'destination' in target ? target : { volume: 'Data' };
}

export const captureSystemImage: StepMapper = ({ variables }, notes) => {
  const get = (name: string): string => textOf(variables, name);
  const account = get('OSDCaptureAccount');
  return {
    step: 'capture-operating-system',
    destination: get('OSDCaptureDestination') || '%OSDCaptureDestination%',
    ...optional('account', account),
    ...(account !== '' && { password: notes.password('password', 'OSDCaptureAccountPassword') }),
    ...optional('imageCreator', get('OSDImageCreator')),
    ...optional('imageVersion', get('OSDImageVersion')),
    ...optional('imageDescription', get('OSDImageDescription')),
  };
};

export const prepareOs: StepMapper = ({ variables }, { changed }) => {
  if (flag(textOf(variables, 'OSDBuildStorageDriverList')))
    changed('no list of mass-storage drivers is built: only Windows before Vista had one');
  return {
    step: 'prepare-windows-for-capture',
    ...(flag(textOf(variables, 'OSDKeepActivation')) && { keepActivation: true }),
    ...(flag(textOf(variables, 'OSDShutdownPreparedOs')) && { shutDown: true }),
  };
};

export const setupWindows: StepMapper = (_step, { changed }) => {
  changed('the ConfigMgr client is not installed: the engine goes on in the new Windows by itself');
  return { step: 'setup-windows' };
};
