import { WINPE_NETWORK_FILE } from '../../../runtime/contract/winpe-start.ts';

/** Where the parts of a PXE tree lie that no other medium has. */
export const PXE_PATHS = {
  /**
   * At the top: shim looks for its GRUB beside itself, and at the top of the TFTP server where the DHCP server has named
   * the file in an option, as dnsmasq does, and not in the packet's own field.
   */
  shim: 'shimx64.efi',
  grubEfi: 'grubx64.efi',
  mokManager: 'mmx64.efi',
  folder: 'boot/pxe',
  grubBios: 'boot/pxe/grub.0',
  /** The place Debian's signed network GRUB has built in: below the top of the TFTP server. */
  grubConfig: 'grub/grub.cfg',
  ipxeScript: 'autoexec.ipxe',
  ipxeBios: 'boot/pxe/undionly.kpxe',
  ipxeEfi: 'boot/pxe/ipxe.efi',
  wimboot: 'boot/pxe/wimboot',
  winpeNetwork: WINPE_NETWORK_FILE,
  dnsmasq: 'dnsmasq.conf',
  nginx: 'nginx.conf',
  caddy: 'Caddyfile',
  readme: 'README.txt',
} as const;
