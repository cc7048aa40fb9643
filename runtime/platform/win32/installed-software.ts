import type { InstalledSoftware } from '../../contract/facts.ts';
import { unpackCode } from '../../native/msi-codes.ts';
import type { RegistryCalls, RegistryError } from '../../native/win32-registry.ts';
import { isAbsent, registryText } from './registry.ts';

const INSTALLER = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer';
/** Products of the whole machine lie below the identifier of SYSTEM. */
const PRODUCTS = `${INSTALLER}\\UserData\\S-1-5-18\\Products`;
const UPGRADE_CODES = [`${INSTALLER}\\UpgradeCodes`, 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\Installer\\UpgradeCodes'];

/**
 * What Windows Installer has installed for the whole machine, from its own registry keys: msi.dll would have to be there,
 * and a product that is installed for one user is not seen by SYSTEM either way. `onError` gets the key that cannot be read,
 * and throws.
 */
export function readInstalledSoftware(
  win32: RegistryCalls,
  onError: (key: string, error: number) => never,
): InstalledSoftware[] {
  const names = (key: string, answer: { names: string[] } | RegistryError): string[] => {
    if ('names' in answer) return answer.names;
    return isAbsent(answer.error) ? [] : onError(key, answer.error);
  };
  const upgradeCodes = new Map<string, string>();
  for (const key of UPGRADE_CODES) {
    for (const packed of names(key, win32.registrySubkeys(key))) {
      const upgradeCode = unpackCode(packed);
      const below = `${key}\\${packed}`;
      if (upgradeCode === undefined) continue;
      // The names of the values are the packed codes of the products.
      for (const product of names(below, win32.registryValueNames(below))) {
        upgradeCodes.set(product.toUpperCase(), upgradeCode);
      }
    }
  }
  return names(PRODUCTS, win32.registrySubkeys(PRODUCTS)).flatMap((packed) => {
    const productCode = unpackCode(packed);
    const properties = `${PRODUCTS}\\${packed}\\InstallProperties`;
    // A product that is only advertised has no such key.
    if (productCode === undefined || win32.registryKeyError(properties) !== 0) return [];
    return {
      productCode,
      upgradeCode: upgradeCodes.get(packed.toUpperCase()) ?? '',
      name: registryText(win32, properties, 'DisplayName'),
      version: registryText(win32, properties, 'DisplayVersion'),
    };
  });
}
