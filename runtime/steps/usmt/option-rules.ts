export type UsmtTool = 'scanstate' | 'loadstate';

/** `required`: a value behind a colon; `optional`: with or without one. */
type Value = 'none' | 'optional' | 'required';

const BOTH: Readonly<Record<string, Value>> = {
  i: 'required',
  config: 'required',
  auto: 'optional',
  key: 'required',
  keyfile: 'required',
  hardlink: 'none',
  nocompress: 'none',
  l: 'required',
  v: 'required',
  progress: 'required',
  c: 'none',
  r: 'required',
  w: 'required',
  all: 'none',
  ui: 'required',
  ue: 'required',
  uel: 'required',
};

/** Every documented option (Microsoft: "ScanState Syntax", "LoadState Syntax"). */
const OPTIONS: Readonly<Record<UsmtTool, Readonly<Record<string, Value>>>> = {
  scanstate: {
    ...BOTH,
    apps: 'optional',
    ppkg: 'required',
    o: 'none',
    vsc: 'none',
    encrypt: 'optional',
    offline: 'required',
    offlinewindir: 'required',
    offlinewinold: 'required',
    genconfig: 'required',
    genmigxml: 'required',
    targetvista: 'none',
    targetwindows7: 'none',
    targetwindows8: 'none',
    localonly: 'none',
    listfiles: 'required',
    p: 'optional',
    efs: 'required',
  },
  loadstate: { ...BOTH, decrypt: 'optional', md: 'required', mu: 'required', lac: 'optional', lae: 'none' },
};

/** Options that exclude each other. */
const EXCLUSIONS: readonly [string, readonly string[]][] = [
  ['vsc', ['hardlink', 'offline', 'offlinewindir', 'offlinewinold']],
  ['nocompress', ['encrypt', 'decrypt']],
  ['key', ['keyfile']],
  ['all', ['ui', 'ue', 'uel']],
  ['auto', ['all', 'ui', 'ue', 'uel', 'v']],
  ['listfiles', ['p', 'genconfig']],
  ['offline', ['offlinewindir', 'offlinewinold']],
  ['offlinewindir', ['offlinewinold']],
  ['uel', ['offline', 'offlinewindir', 'offlinewinold']],
  ['config', ['genconfig']],
];

/** Options that need one of others. */
const NEEDS: readonly [string, readonly string[]][] = [
  ['hardlink', ['nocompress']],
  ['encrypt', ['key', 'keyfile']],
  ['decrypt', ['key', 'keyfile']],
  ['key', ['encrypt', 'decrypt']],
  ['keyfile', ['encrypt', 'decrypt']],
  ['ppkg', ['apps']],
  ['lae', ['lac']],
];

const LONGEST_PATH = 256;

/** What is wrong with the arguments of ScanState or LoadState, a sentence each: the tools say so with one code for all. Pure. */
export function usmtProblems(tool: UsmtTool, args: readonly string[]): string[] {
  const known = OPTIONS[tool];
  const given = args.filter((arg) => arg.startsWith('/')).map(parseOption);
  const names = new Set(given.map(({ name }) => name));
  const stores = args.filter((arg) => !arg.startsWith('/'));
  const problems: string[] = [];
  for (const { name, value } of given) {
    const wants = Object.hasOwn(known, name) ? known[name] : undefined;
    if (wants === undefined) problems.push(`/${name} is no option of ${tool}`);
    else if (wants === 'required' && value === undefined) problems.push(`/${name} needs a value: /${name}:...`);
    else if (wants === 'none' && value !== undefined) problems.push(`/${name} takes no value`);
  }
  for (const [name, others] of EXCLUSIONS) {
    const met = others.filter((other) => names.has(other));
    if (names.has(name) && met.length > 0) problems.push(`/${name} excludes /${met.join(' and /')}`);
  }
  for (const [name, others] of NEEDS) {
    const met = others.some((other) => names.has(other));
    if (names.has(name) && !met && others.some((other) => other in known))
      problems.push(`/${name} needs /${others.filter((other) => other in known).join(' or /')}`);
  }
  const efs = given.find(({ name }) => name === 'efs')?.value?.toLowerCase();
  if (efs === 'hardlink' && !names.has('hardlink')) problems.push('/efs:hardlink needs /hardlink');
  if (stores.length !== (names.has('apps') ? 0 : 1)) problems.push('there must be one store, and none with /apps');
  for (const store of stores) if (store.length > LONGEST_PATH) problems.push('the path of the store is too long');
  return problems;
}

function parseOption(arg: string): { name: string; value: string | undefined } {
  const colon = arg.indexOf(':');
  const name = (colon === -1 ? arg.slice(1) : arg.slice(1, colon)).toLowerCase();
  return { name, value: colon === -1 ? undefined : arg.slice(colon + 1) };
}
