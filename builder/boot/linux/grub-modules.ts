/** GRUB for a BIOS on our medium: finds it by its UUID or by a file, reads grub.cfg and starts Linux. */
export const MEDIUM_MODULES: readonly string[] = [
  ...['biosdisk', 'part_gpt', 'part_msdos', 'iso9660', 'udf', 'fat', 'exfat'],
  ...['search', 'search_fs_file', 'search_fs_uuid', 'normal', 'linux', 'configfile', 'minicmd'],
  ...['echo', 'serial', 'terminal', 'test', 'ls', 'cat', 'reboot', 'halt', 'sleep', 'true'],
  ...['all_video', 'vbe', 'vga', 'loadenv'],
];

/**
 * GRUB for the deployed disk of a BIOS machine: hands over to the Windows boot manager. Nothing among them may need
 * `normal`, as `sleep` does: that doubles the size.
 */
export const DISK_MODULES: readonly string[] = [
  ...['biosdisk', 'part_msdos', 'part_gpt', 'ntfs', 'fat'],
  ...['search_fs_file', 'ntldr', 'boot', 'chain', 'echo', 'serial', 'terminal'],
];

/** GRUB for a BIOS on a stick of WinPE: the same from FAT32. */
export const BOOTMGR_MODULES: readonly string[] = DISK_MODULES.filter((name) => name !== 'ntfs');

/** GRUB for a BIOS that starts from the network: reads grub.cfg and what it names by TFTP or HTTP. */
export const NETWORK_MODULES: readonly string[] = [
  ...['pxe', 'tftp', 'http', 'net', 'normal', 'linux', 'configfile', 'minicmd'],
  ...['echo', 'serial', 'terminal', 'test', 'ls', 'cat', 'reboot', 'halt', 'sleep', 'true'],
  ...['all_video', 'vbe', 'vga', 'loadenv'],
];
