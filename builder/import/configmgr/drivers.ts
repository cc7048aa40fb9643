import { flag, leftOut, type StepMapper } from '../mapping.ts';
import { textOf } from '../model.ts';

/** Which driver of the package Windows started from, before it found its storage drivers by itself. */
const BOOT_CRITICAL = ['ContentUniqueID', 'DriverID', 'INFFile', 'ID'].map(
  (name) => `OSDApplyDriverBootCritical${name}`,
);

export const applyDriverPackage: StepMapper = ({ variables, name }, { supply, changed }) => {
  const id = textOf(variables, 'OSDApplyDriverDriverPackageID');
  if (BOOT_CRITICAL.some((option) => textOf(variables, option) !== ''))
    changed('no mass-storage driver is named as boot-critical: only Windows before Vista needed that');
  // OSDRecurse says how the site's own list is gone through: whether it is on or off, every driver of the package is meant.
  return {
    step: 'apply-driver-package',
    package: supply('driver-package', id, id === '' ? name : undefined),
    ...(flag(textOf(variables, 'OSDAllowUnsignedDriver')) && { forceUnsigned: true }),
  };
};

export const autoApplyDrivers: StepMapper = () =>
  leftOut('Auto Apply Drivers asks a server which drivers fit: use Apply Driver Package with a package per model');
