/** Windows' own numbers for what keeps a share from being opened (Microsoft: "System error codes"). */
export const SHARE_ERRORS: Readonly<Record<number, string>> = {
  5: 'access is denied',
  53: 'the server does not answer under this name',
  67: 'the server has no such share',
  85: 'the drive letter is taken',
  86: 'the password is wrong',
  1219: 'there is a connection to this server under another account',
  1222: 'there is no network',
  1231: 'the network cannot be reached',
  1326: 'the account or the password is wrong',
  1909: 'the account is locked',
};
