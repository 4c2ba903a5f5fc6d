import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { id3Bytes, mpegFrame, sniffSound } from './sniff.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('sniffSound', () => {
  it.each([
    ['RIFF\0\0\0\0WAVEfmt ', 'wav'],
    ['RF64\xff\xff\xff\xffWAVEds64', 'wav'],
    ['fLaC\0\0\0\x22', 'flac'],
    ['OggS\0\x02', 'ogg'],
    ['#!AMR\n\x3c', 'amr'],
    ['#!AMR-WB\n', 'amr'],
    ['FORM\0\0\0\0AIFFCOMM', 'aiff'],
    ['.snd\0\0\0\x18', 'au'],
    ['caff\0\x01', 'caf'],
    ['\0\0\0\x20ftypM4A ', 'mp4'],
    ['\x30\x26\xb2\x75\x8e\x66', 'asf'],
    ['\x1a\x45\xdf\xa3', 'matroska'],
    ['ID3\x04\0\0\0\0\0\0fLaC\0\0\0\x22\0\0', 'flac'],
    ['ID3\x04\0\0\0\0\x7f\x7f', 'mp3'],
  ])('knows %j', (head, kind) => {
    expect(sniffSound(bytes(head))).toBe(kind);
  });

  it('tells frames without a signature by several that fit together', () => {
    const gsm = Buffer.alloc(33 * 10);
    for (let frame = 0; frame < 10; frame++) gsm[frame * 33] = 0xd2;
    expect(sniffSound(gsm)).toBe('gsm');
    const mp3 = Buffer.alloc(2 * 417);
    mp3.set([0xff, 0xfb, 0x90, 0xc0], 0);
    mp3.set([0xff, 0xfb, 0x90, 0xc0], 417);
    expect(sniffSound(mp3)).toBe('mp3');
    mp3.fill(0, 417);
    expect(sniffSound(mp3)).toBeNull();
  });

  it('never takes text or a playlist for sound', () => {
    expect(sniffSound(bytes('#EXTM3U\nhttp://example.invalid/a.ts'))).toBeNull();
    expect(sniffSound(bytes("ffconcat version 1.0\nfile '/etc/passwd'"))).toBeNull();
    const starts =
      /^(RIFF|RF64|BW64|riff|fLaC|OggS|#!AMR|FORM|\.snd|caff|0&|ID3)|^.{4}(ftyp|moov|mdat|free|wide|skip)/su;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), (text) => {
        fc.pre(!starts.test(text));
        expect(sniffSound(Buffer.from(text, 'utf8'))).toBeNull();
      }),
    );
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (head) => void sniffSound(head)));
  });
});

describe('mpegFrame', () => {
  it('reads MPEG-1, MPEG-2 and MPEG-2.5 layer III', () => {
    expect(mpegFrame(Uint8Array.of(0xff, 0xfb, 0x90, 0x00), 0)).toEqual({
      bytes: 417,
      sampleRate: 44_100,
      channels: 2,
      samples: 1152,
      sideInfoEnd: 36,
    });
    expect(mpegFrame(Uint8Array.of(0xff, 0xe3, 0x28, 0xc0), 0)).toEqual({
      bytes: 144,
      sampleRate: 8000,
      channels: 1,
      samples: 576,
      sideInfoEnd: 13,
    });
    expect(mpegFrame(Uint8Array.of(0xff, 0xf3, 0xf0, 0x00), 0)).toBeNull();
  });

  it('measures the ID3 tag with its footer', () => {
    expect(id3Bytes(bytes('ID3\x04\0\x10\0\0\x01\x00'))).toBe(148);
    expect(id3Bytes(bytes('TAG'))).toBe(0);
  });
});
