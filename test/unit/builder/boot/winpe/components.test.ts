import { expect, it } from 'vitest';
import { componentsOfPackages } from '../../../../../builder/boot/winpe/components.ts';

it('reads components off the names of packages, whatever their language', () => {
  expect(
    componentsOfPackages([
      'WinPE-WMI-Package~31bf3856ad364e35~amd64~~10.0.22621.1.mum',
      'WinPE-WMI-Package~31bf3856ad364e35~amd64~en-US~10.0.22621.1.mum',
      'WinPE-WMI-Package~31bf3856ad364e35~amd64~~10.0.22621.1.cat',
      'WinPE-WDS-Tools-Package~31bf3856ad364e35~amd64~~10.0.22621.1.mum',
      'WinPE-FMAPI-Package~31bf3856ad364e35~amd64~~10.0.22621.1.cat',
      'Microsoft-Windows-WinPE-Package~31bf3856ad364e35~amd64~~10.0.22621.1.mum',
      'Microsoft-Windows-WinPE-LanguagePack-Package~31bf3856ad364e35~amd64~en-US~10.0.22621.1.mum',
      'Package_for_KB5031455~31bf3856ad364e35~amd64~~22621.2506.1.11.mum',
    ]),
  ).toEqual(['WDS-Tools', 'WMI']);
});
