import type { Role } from '../../session/index.ts';
import { assemble } from '../assemble.ts';
import { placeOf } from '../problems.ts';
import type { FormatItem, Head, Format, FormatId, InputFile, ReadContext } from '../types.ts';

interface RecordingFormat {
  id: FormatId;
  title: { en: string; zh: string };
  extensions: readonly string[];
  recognises(head: Head): boolean;
}

/** A format whose sound is decoded elsewhere: here it is told apart and given its metadata. */
export function recordingFormat(format: RecordingFormat): Format {
  return { ...format, family: 'recording', read: readRecording };
}

async function* readRecording(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  const { settings } = context;
  const { metadata, failures } = await context.recordingMetadata(file);
  yield* failures;
  const side: Role[] | null =
    settings.agentChannel === null
      ? null
      : settings.agentChannel === 'left'
        ? ['agent', 'customer']
        : ['customer', 'agent'];
  yield assemble(
    {
      ...metadata,
      path: file.path,
      entry: file.entry,
      place: placeOf(file),
      idCandidates: [file.idBase, `${file.idBase.replace(/[^/]*$/, '')}${file.name}`],
      channel: 'call',
      // A recording says nothing of its language until it is heard; a transcript beside it does.
      language: metadata.language ?? (metadata.messages.length > 0 ? null : settings.defaultLanguage),
      recording: null,
      transcript: null,
      recordingPath: await file.localPath(),
      channelRoles: metadata.channelRoles ?? side,
      notices: [],
    },
    settings,
  );
}

/** True when the bytes at `offset` are these ASCII characters. */
export function hasAscii(bytes: Uint8Array, text: string, offset = 0): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Length of an ID3v2 tag at the beginning, 0 without one. Other codecs' files may carry one too. */
export function id3Length(bytes: Uint8Array): number {
  if (!hasAscii(bytes, 'ID3') || bytes.length < 10) return 0;
  const size = (bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!;
  return size + 10 + ((bytes[5]! & 0x10) !== 0 ? 10 : 0);
}
