// The package's version, from the one place that states it.

import manifest from '../package.json' with { type: 'json' };

/** As in package.json. */
export const version: string = manifest.version;
