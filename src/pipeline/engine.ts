import manifest from '../../package.json' with { type: 'json' };

/** Name and version of this program as pinned in every result. */
export const engine = `${manifest.name} ${manifest.version}`;
