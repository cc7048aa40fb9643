import { infModels } from './inf-models.ts';
import { architectureOf, type InfArchitecture, parseTargetOs } from './inf-target-os.ts';
import type { InfText } from './inf-text.ts';

const ORDER: readonly InfArchitecture[] = ['x86', 'amd64', 'ia64', 'arm', 'arm64'];

/**
 * The architectures an INF has drivers for: those of its Models sections that name a device, and of a primitive driver's
 * `DefaultInstall.NT...`, which needs an architecture. Empty for an INF that installs no driver.
 */
export function infArchitectures(inf: InfText): InfArchitecture[] {
  const found = new Set<InfArchitecture>();
  for (const { section, target } of infModels(inf)) {
    if (section.entries.length > 0) found.add(architectureOf(target));
  }
  for (const name of inf.sections.keys()) {
    const target = name.startsWith('defaultinstall.') ? parseTargetOs(name.slice('defaultinstall.'.length)) : undefined;
    if (target?.architecture !== undefined) found.add(target.architecture);
  }
  return ORDER.filter((architecture) => found.has(architecture));
}
