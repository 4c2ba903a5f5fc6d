import { createRegistry } from '../registry.ts';
import { aac } from './aac.ts';
import { amr } from './amr.ts';
import { csv } from './csv.ts';
import { eml } from './eml.ts';
import { flac } from './flac.ts';
import { gsm } from './gsm.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { mbox } from './mbox.ts';
import { mp3 } from './mp3.ts';
import { mp4 } from './mp4.ts';
import { ogg } from './ogg.ts';
import { wav } from './wav.ts';
import { zip } from './zip.ts';

/** Every input format, in the order in which they are asked whether a file is theirs. */
export const formats = createRegistry([zip, wav, flac, ogg, mp4, amr, aac, mp3, gsm, mbox, eml, jsonl, json, csv]);
