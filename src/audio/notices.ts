import type { AudioFacts, Problem } from '../session/index.ts';
import type { Layout } from './layout.ts';

/** What the number of channels means for the inspection; null for the ordinary two. */
export function channelNotice(path: string, channels: number, layout: Layout): Problem | null {
  if (layout.identical) {
    return {
      path,
      code: 'audio-identical-channels',
      message: 'Both channels carry the same sound: this is a mono recording saved as stereo and is treated as mono.',
      hint: 'Have the recorder write agent and customer to channels of their own; speakers and talk-over are then certain.',
    };
  }
  if (!layout.roles.includes('mixed') || layout.roles.length > 1) return null;
  return {
    path,
    code: 'audio-mono',
    message:
      channels === 1
        ? 'This recording is mono: speakers have to be guessed and talk-over cannot be measured.'
        : `This recording has ${channels} channels without roles; they were mixed to mono. Speakers have to be guessed.`,
    hint:
      channels === 1
        ? 'Record agent and customer on channels of their own if the telephone system can.'
        : `Name ${channels} channel roles (agent, customer or mixed) in the order of the channels.`,
  };
}

/** Channels on which nobody speaks, or a recording in which nobody does. */
export function speechNotices(path: string, facts: AudioFacts): Problem[] {
  const silent = facts.channels.flatMap((channel, index) => (channel.speech.length === 0 ? [index] : []));
  if (silent.length === facts.channels.length) {
    return [
      {
        path,
        code: 'audio-no-speech',
        message: 'Nobody speaks in this recording.',
        hint: 'Check that the call was connected and the right file was given.',
      },
    ];
  }
  return silent.map((index) => ({
    path,
    code: 'audio-no-speech',
    message: `Nobody speaks on channel ${index + 1} (${facts.channels[index]!.role}) in the whole recording.`,
    hint: 'Check that this side was recorded; items about it will find nothing.',
  }));
}
