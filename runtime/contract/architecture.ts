/** What INF files, answer files, the ADK and USMT call an architecture. */
export const MICROSOFT_ARCHITECTURES = { x86: 'x86', x64: 'amd64', arm64: 'arm64' } as const;
