/**
 * The network cards of PCs, servers and virtual machines, and USB adapters. Without those that do nothing before they
 * are given a firmware file: the kernel's package brings none. A `*` stands for any part of one name.
 */
export const NETWORK_CARDS: readonly string[] = [
  ...['virtio_net', 'vmxnet3/vmxnet3', 'xen-netfront', 'hyperv/hv_netvsc', 'phy/*', 'mdio/*', 'usb/*'],
  ...['ethernet/intel/*', 'ethernet/intel/{e1000,e1000e,igb,igbvf,igc,ixgbe,ixgbevf,i40e,iavf,ice}/*'],
  ...['ethernet/realtek/*', 'ethernet/broadcom/{tg3,b44}', 'ethernet/broadcom/bnxt/*'],
  ...['ethernet/aquantia/atlantic/*', 'ethernet/atheros/*/*', 'ethernet/marvell/{sky2,skge}', 'ethernet/nvidia/*'],
  ...['ethernet/amd/pcnet32', 'ethernet/amd/xgbe/*', 'ethernet/via/*', 'ethernet/jme', 'ethernet/sis/*'],
  ...['ethernet/dec/tulip/tulip', 'ethernet/stmicro/stmmac/*', 'ethernet/microchip/lan743x', 'ethernet/wangxun/*/*'],
  ...['ethernet/mellanox/mlx4/*', 'ethernet/mellanox/mlx5/core/*', 'ethernet/emulex/benet/*', 'ethernet/cisco/enic/*'],
  ...['ethernet/amazon/ena/*', 'ethernet/google/gve/*', 'ethernet/microsoft/mana/*'],
].flatMap((pattern) => alternatives(`drivers/net/${pattern}`));

/** Windows' shares, with what encrypts and signs: the kernel cannot fetch that itself without a /sbin/modprobe. */
export const SHARE_MODULES: readonly string[] = [
  ...['fs/smb/client/cifs', 'crypto/cmac', 'crypto/ccm', 'crypto/gcm', 'crypto/seqiv', 'crypto/ghash-generic'],
  ...['crypto/md4', 'arch/x86/crypto/aesni-intel', 'arch/x86/crypto/ghash-clmulni-intel'],
];

/** `a/{b,c}/d` as `a/b/d` and `a/c/d`. */
function alternatives(pattern: string): string[] {
  const match = /^(.*)\{(.*)\}(.*)$/.exec(pattern);
  return match === null ? [pattern] : (match[2] ?? '').split(',').map((name) => `${match[1]}${name}${match[3]}`);
}
