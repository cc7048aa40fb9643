import { expect, it } from 'vitest';
import { aptConfiguration, sourcesList } from '../../../../builder/tools/apt.ts';

it('keeps apt within its folder', () => {
  const configuration = aptConfiguration('/cache/apt');
  for (const line of [
    'Dir::State "/cache/apt/state";',
    'Dir::State::status "/cache/apt/status";',
    'Dir::Cache "/cache/apt/cache";',
    'Dir::Etc::sourceparts "/dev/null";',
    'APT::Sandbox::User "root";',
  ]) {
    expect(configuration).toContain(`${line}\n`);
  }
});

it('names the keys each source is checked with', () => {
  expect(sourcesList([{ url: 'http://deb.debian.org/debian', suite: 'trixie' }], ['/a.gpg', '/b.gpg'])).toBe(
    'deb [signed-by=/a.gpg,/b.gpg] http://deb.debian.org/debian trixie main\n',
  );
});
