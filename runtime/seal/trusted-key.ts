/** Where the Linux boot environment has the key it trusts, below its root. */
export const TRUSTED_KEY_FILE = 'usr/lib/mediasmith/minisign.pub';
