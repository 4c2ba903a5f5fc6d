import { randomBytes } from 'node:crypto';
import { openIn, upload } from './installation.ts';

/** A process that goes on uploading into an installation until it is ended, and says each time that it did. */
const installation = await openIn(process.argv[2]);
for (let n = 0; ; n++) {
  const { keys } = await upload(installation, randomBytes(20_000), [
    { customer: `writer-${n}`, words: `spoken by number ${n}`, sound: randomBytes(30_000) },
  ]);
  process.stdout.write(`${keys[0]!}\n`);
}
