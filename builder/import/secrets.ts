/** Names of variables and fields that hold what nobody may read. */
const SECRET_NAME = /pass(word|wd|phrase|code)?$|pwd|secret|^pin$|bitlockerpin|credential|apikey|token/i;

/** `/password:x`, `--pwd "x"`, `Password = x`, as command lines have it. The second group is the secret. */
const IN_COMMAND =
  /((?:[-/]{1,2}|\b)(?:[A-Za-z]{0,40}(?:password|passwd|pwd)|pass|pw)(?:\s*[:=]\s*|\s+(?=["'])|(?<=[-/]\w{0,40})\s+))("[^"]*"|'[^']*'|[^\s"'|&]+)/gi;

/** `net user NAME SECRET` and `net use X: \\server\share SECRET`. */
const NET_USER = /(\bnet1?(?:\.exe)?\s+user\s+(?:"[^"]*"|[^\s/]+)\s+)("[^"]*"|[^\s/"*]+)/gi;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Puts what `replace` gives in place of every secret a command line shows. A `%variable%` is none. */
export function hideSecrets(command: string, replace: () => string): string {
  const hide = (whole: string, before: string, secret: string, at: number, text: string): string => {
    const bare = secret.replace(/^["']|["']$/g, '');
    if (bare === '' || /^%[^%]+%$/.test(bare) || /^[-/]/.test(bare) || /^\$/.test(bare)) return whole;
    // A variable of PowerShell that is set by a call of something.
    if (text[at - 1] === '$' && bare === secret) return whole;
    const quote = secret.length > bare.length ? (secret[0] ?? '') : '';
    return `${before}${quote}${replace()}${quote}`;
  };
  return command.replace(IN_COMMAND, hide).replace(NET_USER, hide);
}
