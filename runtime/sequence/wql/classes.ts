import type { WqlClass } from './class.ts';
import { BASE_BOARD, BIOS, SYSTEM_ENCLOSURE, SYSTEM_INFORMATION, TPM } from './classes-firmware.ts';
import { BATTERY, DISK_DRIVE, PNP_ENTITY, PROCESSOR } from './classes-hardware.ts';
import { NETWORK_ADAPTER, NETWORK_ADAPTER_CONFIGURATION } from './classes-network.ts';
import { COMPUTER_SYSTEM, COMPUTER_SYSTEM_PRODUCT } from './classes-system.ts';
import { OPERATING_SYSTEM } from './classes-windows.ts';

/** Every class a query can ask, with its properties by Microsoft's names. */
export const WQL_CLASSES: readonly WqlClass[] = [
  COMPUTER_SYSTEM,
  COMPUTER_SYSTEM_PRODUCT,
  BIOS,
  BASE_BOARD,
  SYSTEM_ENCLOSURE,
  BATTERY,
  PROCESSOR,
  DISK_DRIVE,
  NETWORK_ADAPTER,
  NETWORK_ADAPTER_CONFIGURATION,
  PNP_ENTITY,
  OPERATING_SYSTEM,
  TPM,
  SYSTEM_INFORMATION,
];

/** What to ask instead of well-known classes that the inventory cannot answer for. By name in lower case. */
export const ASK_INSTEAD: ReadonlyMap<string, string> = new Map([
  ['win32_product', 'a software condition'],
  ['win32_logicaldisk', 'a file or folder condition, or Win32_DiskDrive'],
  ['win32_volume', 'a file or folder condition, or Win32_DiskDrive'],
  ['win32_physicalmemory', 'TotalPhysicalMemory of Win32_ComputerSystem'],
  ['win32_physicalmemoryarray', 'TotalPhysicalMemory of Win32_ComputerSystem'],
  ['win32_portablebattery', 'Win32_Battery'],
  ['win32_service', 'a registry condition below HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'],
  ['win32_optionalfeature', 'a registry or file condition'],
  ['win32_quickfixengineering', 'an operatingSystem condition'],
  ['cim_datafile', 'a file condition'],
  ['win32_directory', 'a folder condition'],
]);
