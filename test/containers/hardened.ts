// A Millrace container as it should be run: root file system read-only, no capabilities, no new privileges, not root.

import { GenericContainer, Wait } from 'testcontainers';
import { labelKey } from './setup.ts';

class ReadOnlyContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
  }
}

/** Who the container is, so that it may write to a folder of this user's: that of the image where this user is root. */
export const containerUser =
  process.getuid?.() === 0 ? '1000:1000' : `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`;

/** Not started yet, and up once it says its first word; `run` names the test run that it is removed with. */
export function hardenedContainer(image: string, run: string): GenericContainer {
  return new ReadOnlyContainer(image)
    .withLabels({ [labelKey]: run })
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withUser(containerUser)
    .withTmpFs({ '/tmp': 'rw,size=16m' })
    .withWaitStrategy(Wait.forLogMessage(/./));
}
