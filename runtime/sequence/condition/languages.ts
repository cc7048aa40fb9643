/** LCIDs of the languages Windows is made in, by tag (reference: Windows Language Code Identifier Reference, MS-LCID). */
export const LANGUAGES: ReadonlyMap<string, number> = new Map(
  `af-ZA 1078, am-ET 1118, ar-SA 1025, be-BY 1059, bg-BG 1026, bn-IN 1093, bs-Latn-BA 5146, ca-ES 1027, cs-CZ 1029,
  cy-GB 1106, da-DK 1030, de-AT 3079, de-CH 2055, de-DE 1031, el-GR 1032, en-AU 3081, en-CA 4105, en-GB 2057, en-IE 6153,
  en-IN 16393, en-NZ 5129, en-US 1033, en-ZA 7177, es-ES 3082, es-MX 2058, et-EE 1061, eu-ES 1069, fa-IR 1065, fi-FI 1035,
  fil-PH 1124, fr-BE 2060, fr-CA 3084, fr-CH 4108, fr-FR 1036, ga-IE 2108, gl-ES 1110, gu-IN 1095, he-IL 1037, hi-IN 1081,
  hr-HR 1050, hu-HU 1038, hy-AM 1067, id-ID 1057, is-IS 1039, it-CH 2064, it-IT 1040, ja-JP 1041, ka-GE 1079, kk-KZ 1087,
  km-KH 1107, kn-IN 1099, ko-KR 1042, kok-IN 1111, lb-LU 1134, lo-LA 1108, lt-LT 1063, lv-LV 1062, mk-MK 1071, ml-IN 1100,
  mr-IN 1102, ms-MY 1086, nb-NO 1044, ne-NP 1121, nl-BE 2067, nl-NL 1043, nn-NO 2068, pa-IN 1094, pl-PL 1045, pt-BR 1046,
  pt-PT 2070, rm-CH 1047, ro-RO 1048, ru-RU 1049, sk-SK 1051, sl-SI 1060, sq-AL 1052, sr-Cyrl-RS 10266, sr-Latn-RS 9242,
  sv-SE 1053, sw-KE 1089, ta-IN 1097, te-IN 1098, th-TH 1054, tr-TR 1055, uk-UA 1058, ur-PK 1056, vi-VN 1066, zh-CN 2052,
  zh-HK 3076, zh-SG 4100, zh-TW 1028`
    .split(/,\s*/)
    .map((line) => line.split(' '))
    .map(([tag = '', lcid]) => [tag, Number(lcid)]),
);

const BY_TAG = new Map([...LANGUAGES].map(([tag, lcid]) => [tag.toLowerCase(), lcid]));

/** The LCID of a tag, without regard to case. */
export function lcidOf(tag: string): number | undefined {
  return BY_TAG.get(tag.toLowerCase());
}
