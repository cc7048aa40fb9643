/** Names of variables and fields that hold what nobody may read. */
const SECRET_NAME =
  /(?<!by)pass(word|wd|phrase|code)?\d*$|pwd|pw\d*$|secret|(^|bitlocker|bde|tpm)[_-]?pin$|credential|token|(api|product|mak|licen[sc]e|serial|activation|private|encryption)[_-]?key\d*$/i;

/** `SkipProductKey` is YES: no secret is a word like that. */
const SWITCH = /^(yes|no|true|false|on|off|[01])$/i;

/** `/password:x`, `--pwd "x"`, `Password = x`, as command lines have it. The second group is the secret. */
const IN_COMMAND =
  /((?:[-/]{1,2}|\b)(?:[A-Za-z]{0,40}(?:password|passwd|pwd)|pass|pw)(?:\s*[:=]\s*|\s+(?=["'])|(?<=[-/]\w{0,40})\s+))("[^"]*"|'[^']*'|[^\s"'|&]+)/gi;

/** `net user NAME SECRET`. */
const NET_USER = /(\bnet1?(?:\.exe)?\s+user\s+(?:"[^"]*"|[^\s/]+)\s+)("[^"]*"|[^\s/"*]+)/gi;

/** `net use X: \\server\share SECRET`, with or without a drive letter. */
const NET_USE = /(\bnet1?(?:\.exe)?\s+use\s+(?:[A-Za-z*]:?\s+)?(?:"\\\\[^"]*"|\\\\[^\s"]+)\s+)("[^"]*"|[^\s/"*]+)/gi;

/** `ConvertTo-SecureString 'SECRET'` of PowerShell, with or without the name of the parameter. */
const SECURE_STRING = /(\bConvertTo-SecureString\s+(?:-String\s+)?)("[^"]*"|'[^']*'|[^\s"'()|;-][^\s"'()|;]*)/gi;

/** `-u NAME -p SECRET` as PsExec and others take it, and `/rp SECRET` of schtasks. */
const ACCOUNT_AND =
  /((?:\s[-/]u\s+(?:"[^"]{0,256}"|[^\s"]{1,256})\s+[-/]p|\bschtasks\b[^|&\n]{0,500}?\s\/rp)\s+)("[^"]*"|'[^']*'|[^\s"'|&]+)/gi;

/** `https://NAME:SECRET@host`. */
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"']{1,256}:)([^\s@/"']{1,256})(?=@)/gi;

/** A product key of Windows, wherever it stands. */
const PRODUCT_KEY = /()\b([A-Z0-9]{5}(?:-[A-Z0-9]{5}){4})\b/gi;

/** What BitLocker gives to be written down: eight groups of six digits. */
const RECOVERY_PASSWORD = /()\b(\d{6}(?:-\d{6}){7})\b/g;

const PATTERNS = [
  IN_COMMAND,
  NET_USER,
  NET_USE,
  SECURE_STRING,
  ACCOUNT_AND,
  IN_ADDRESS,
  PRODUCT_KEY,
  RECOVERY_PASSWORD,
];

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether a value is a word that says whether, and no secret whatever it belongs to. */
export function isSwitch(value: string): boolean {
  return SWITCH.test(value.trim());
}

/** Whether a variable of this name with this value holds a secret. A `%variable%` is none. */
export function isSecretVariable(name: string, value: string): boolean {
  return isSecretName(name) && value !== '' && !/^%[^%]+%$/.test(value) && !isSwitch(value);
}

/** The variables that a text consists of; none where it has anything else. */
export function variablesAlone(text: string): string[] {
  return /^(%[A-Za-z_][A-Za-z0-9_-]*%)+$/.test(text) ? text.split('%').filter((name) => name !== '') : [];
}

/** The keys and recovery passwords in a text, which are known by their form wherever they stand. */
export function keysIn(text: string): string[] {
  return [PRODUCT_KEY, RECOVERY_PASSWORD].flatMap((pattern) => [...text.matchAll(pattern)].map(([key]) => key));
}

/**
 * Puts what `replace` gives in place of every secret a command line shows. A `%variable%` is none. In a script a word
 * without quotes may be a call as well: `script` leaves such as they are, but for keys.
 */
export function hideSecrets(command: string, replace: (secret: string) => string, { script = false } = {}): string {
  const hide = (whole: string, before: string, secret: string, at: number, text: string): string => {
    const bare = secret.replace(/^["']|["']$/g, '');
    if (bare === '' || /^%[^%]+%$/.test(bare) || /^[-/]/.test(bare) || /^\$/.test(bare)) return whole;
    // A variable of PowerShell that is set by a call of something.
    if (text[at - 1] === '$' && bare === secret) return whole;
    const quote = secret.length > bare.length ? (secret[0] ?? '') : '';
    if (script && quote === '' && before !== '') return whole;
    return `${before}${quote}${replace(bare)}${quote}`;
  };
  return PATTERNS.reduce((text, pattern) => text.replace(pattern, hide), command);
}
