import { flag, leftOut, type StepMapper } from '../mapping.ts';
import { textOf } from '../model.ts';

export const applyDriverPackage: StepMapper = ({ variables, name }, { supply }) => {
  const id = textOf(variables, 'OSDApplyDriverDriverPackageID');
  return {
    step: 'apply-driver-package',
    package: supply('driver-package', id, id === '' ? name : undefined),
    ...(flag(textOf(variables, 'OSDAllowUnsignedDriver')) && { forceUnsigned: true }),
  };
};

export const autoApplyDrivers: StepMapper = () =>
  leftOut('Auto Apply Drivers asks a server which drivers fit: use Apply Driver Package with a package per model');
