import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { readInputs } from '../index.ts';
import type { IntakeFailure, IntakeItem, IntakeOptions, IntakeSession } from '../index.ts';

/** A folder for one test, with files in it. `dispose` removes it. */
export class Workspace {
  readonly root = mkdtempSync(path.join(tmpdir(), 'intake-'));
  readonly temp = path.join(this.root, '.temp');

  constructor(files: Record<string, string | Uint8Array> = {}) {
    mkdirSync(this.temp);
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: string | Uint8Array): string {
    const target = this.at(name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  }

  at(name: string): string {
    return path.join(this.root, name);
  }

  /** Everything that comes out of these paths (default: the whole folder). */
  async read(names: string[] = [''], options: Partial<IntakeOptions> = {}): Promise<IntakeItem[]> {
    const items: IntakeItem[] = [];
    const paths = names.map((name) => (name === '' ? this.root : this.at(name)));
    for await (const item of readInputs(paths, { defaultLanguage: 'en', tempDir: this.temp, ...options }))
      items.push(item);
    return items;
  }

  /** A path or message without the folder's own name, for comparing. */
  relative(text: string): string {
    return text.replaceAll(this.root + path.sep, '');
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function sessionsOf(items: readonly IntakeItem[]): IntakeSession[] {
  return items.filter((item) => item.kind === 'session');
}

export function failuresOf(items: readonly IntakeItem[]): IntakeFailure['problem'][] {
  return items.flatMap((item) => (item.kind === 'failure' ? [item.problem] : []));
}

const encoders = new Map<string, Map<string, number[]>>();

/** Text → bytes of a two-byte Chinese encoding, by inverting the decoder that the platform has. */
export function encodeChinese(text: string, encoding: 'gb18030' | 'big5'): Buffer {
  let table = encoders.get(encoding);
  if (!table) {
    table = new Map();
    const decoder = new TextDecoder(encoding);
    for (let lead = 0x81; lead <= 0xfe; lead++)
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const [character, more] = [...decoder.decode(Uint8Array.of(lead, trail))];
        if (character !== undefined && more === undefined && character !== '\ufffd' && !table.has(character))
          table.set(character, [lead, trail]);
      }
    encoders.set(encoding, table);
  }
  const known = table;
  return Buffer.from(
    [...text].flatMap((character) => {
      if (character.charCodeAt(0) < 0x80) return [character.charCodeAt(0)];
      const bytes = known.get(character);
      if (!bytes) throw new Error(`${character} is not in ${encoding}`);
      return bytes;
    }),
  );
}

export interface ZipEntrySpec {
  name: string | Uint8Array;
  content?: string | Uint8Array;
  /** Unix mode, e.g. 0o120777 for a link. */
  mode?: number;
  flags?: number;
  deflate?: boolean;
  /** States another size than the real one. */
  statedSize?: number;
  badSum?: boolean;
}

/** A zip file byte by byte, so that tests can make the archives that no packer makes. */
export function makeZip(entries: readonly ZipEntrySpec[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(typeof entry.name === 'string' ? Buffer.from(entry.name, 'utf8') : entry.name);
    const content = Buffer.from(entry.content ?? '');
    const packed = entry.deflate ? deflateRawSync(content) : content;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags ?? (typeof entry.name === 'string' ? 0x800 : 0), 2);
    fields.writeUInt16LE(entry.deflate ? 8 : 0, 4);
    fields.writeUInt32LE(entry.badSum ? 1 : crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.statedSize ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), fields, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A second of quiet, 8 kHz mono 16 bit. */
export function silentWav(): Buffer {
  const data = Buffer.alloc(16_000);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
