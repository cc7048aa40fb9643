import { expandStrings } from './inf-strings.ts';
import { parseTargetOs, type TargetOs } from './inf-target-os.ts';
import { type InfSection, type InfText, infSection } from './inf-text.ts';

/** One Models section that [Manufacturer] names and the INF has. */
export type InfModels = {
  manufacturer: string;
  section: InfSection;
  /** Left out for the section without a decoration. */
  target?: TargetOs;
};

/**
 * The Models sections of an INF, the undecorated one of each manufacturer first. A manufacturer written without an equals
 * sign is the name of its section as well. An empty section is not left out: it says that a Windows is not supported.
 */
export function infModels(inf: InfText): InfModels[] {
  const models: InfModels[] = [];
  for (const { key, values } of infSection(inf, 'manufacturer')?.entries ?? []) {
    const [first = '', ...decorations] = key === undefined ? values.slice(0, 1) : values;
    const name = expandStrings(inf, first);
    const manufacturer = key === undefined ? name : expandStrings(inf, key);
    const plain = infSection(inf, name);
    if (plain !== undefined) models.push({ manufacturer, section: plain });
    for (const decoration of decorations) {
      const section = infSection(inf, `${name}.${decoration}`);
      const target = parseTargetOs(decoration);
      if (section !== undefined && target !== undefined) models.push({ manufacturer, section, target });
    }
  }
  return models;
}
