import { z } from 'zod';

/** A text that matches `pattern` or holds a `%variable%`: once the variable is replaced, the value is checked again. */
export function patternOrVariable(pattern: RegExp, message: string): z.ZodString {
  return z.string().regex(new RegExp(`(?:${pattern.source})|%[A-Za-z_][A-Za-z0-9_-]*%`, pattern.flags), message);
}

/** What media.yaml calls an image, a package or an application. */
export const ContentName = z.string().min(1).max(255);

export const ImageName = ContentName.describe('The name of an image in media.yaml');

/** ConfigMgr's two steps that apply an image have variables of their own names for it. */
export function imageIndex(variable: string) {
  return z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe('Another image of the same file on the medium, by its index in it')
    .meta({ variable });
}

const OF_A_VOLUME = 'The name of a volume that Format and Partition Disk has made, or %variable% with what names it';
export const VolumeName = z.string().min(1).describe(OF_A_VOLUME);
/** By default the volume that Windows is put on. */
export const WindowsVolumeName = z.string().min(1).default('Windows').describe(OF_A_VOLUME);

export const DriveLetter = patternOrVariable(/^[A-Za-z]:?$/, 'a drive letter: C:');

/** Windows' limit for a command line is 32767 characters; ConfigMgr takes 32000 of them. */
export const Command = z.union([z.string().min(1).max(32000), z.array(z.string()).min(1)]);

/** BitLocker's methods, by the names PowerShell and ConfigMgr give them. */
export const EncryptionMethod = z
  .enum(['Aes128', 'Aes256', 'XtsAes128', 'XtsAes256'])
  .optional()
  .describe('How it is encrypted; by default as Windows chooses');

export const EncryptFullDisk = z.boolean().default(false).describe('true: unused space is encrypted too');

export const SkipWithoutTpm = z
  .boolean()
  .default(false)
  .describe('true: nothing is done, and nothing fails, on a machine without an enabled TPM');

/** Marks an option whose value no log may show and no export may hold. */
export const SECRET = { secret: true } as const;

const Account = z.string().min(1).max(255);
const Password = z.string().max(255);

export const StateStorePath = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('The folder of the store; by default the one that Request State Store has made ready')
  .meta({ variable: 'OSDStateStorePath' });

/** Who a program runs as instead of Local System. */
export const RunAs = z.strictObject({
  account: Account.describe('The account: DOMAIN\\user, user@domain or .\\user'),
  password: Password.optional().describe('Its password').meta(SECRET),
});
export type RunAs = z.infer<typeof RunAs>;

/** ConfigMgr's `<prefix>AsUser`, `UserName` and `UserPassword`: true with a name sets the account, false takes it away. */
export function runAsFromVariables(
  prefix: string,
  get: (name: string) => string | undefined,
): { runAs?: RunAs | undefined } {
  const asUser = get(`${prefix}AsUser`);
  if (asUser === undefined) return {};
  if (!isTrue(asUser)) return { runAs: undefined };
  const [account, password] = [get(`${prefix}UserName`), get(`${prefix}UserPassword`)];
  return account === undefined ? {} : { runAs: { account, ...(password !== undefined && { password }) } };
}

export type Membership = {
  domain?: string | undefined;
  workgroup?: string | undefined;
  organizationalUnit?: string | undefined;
};

/** ConfigMgr's options for joining a domain, which by its step have variables of their own names. */
export function domainFields(names: { joinType: string; domain: string; organizationalUnit: string }) {
  return {
    domain: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe(`The domain to join. ${names.joinType} 1 takes it away`)
      .meta({ variable: names.domain }),
    organizationalUnit: z
      .string()
      .min(1)
      .max(32767)
      .optional()
      .describe('Where the computer is put in the domain: OU=Clients,DC=example,DC=com')
      .meta({ variable: names.organizationalUnit }),
    account: Account.optional()
      .describe('The account that may join the domain: DOMAIN\\user')
      .meta({ variable: 'OSDJoinAccount' }),
    password: Password.optional()
      .describe('Its password')
      .meta({ variable: 'OSDJoinPassword', ...SECRET }),
  };
}

/** What is wrong in a wish to join a domain or a workgroup. That it names an account is seen at the step: a variable may. */
export function membershipProblems({ domain, workgroup, organizationalUnit }: Membership): string[] {
  const problems: string[] = [];
  if (domain !== undefined && workgroup !== undefined) problems.push('domain and workgroup exclude each other');
  if (domain === undefined && organizationalUnit !== undefined) problems.push('organizationalUnit needs domain');
  return problems;
}

/** ConfigMgr's join type of 0 for a domain and 1 for a workgroup: it takes the other away. */
export function membershipFromVariable(joinType: string | undefined): Pick<Membership, 'domain' | 'workgroup'> {
  if (joinType === '0') return { workgroup: undefined };
  if (joinType === '1') return { domain: undefined };
  return {};
}

/** How a variable says yes: `true`, or MDT's `YES`, in either case. */
export function isTrue(value: string | undefined): boolean {
  return /^(true|yes)$/i.test(value ?? '');
}

/** A variable that holds a list: items parted by commas. */
export function commaList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
