/**
 * Files that a walk through a folder, glob or zip passes over without a word, because they are never a session:
 * dot files and folders, the litter of file managers, notes and settings. A file that the user names is always read.
 */
const ignoredNames = [
  /^\./,
  /^~\$/,
  /^(?:thumbs\.db|desktop\.ini|ehthumbs\.db|__macosx|icon\r)$/i,
  /^(?:readme|licen[cs]e|copying|changelog|notice)(?:[._-].*)?$/i,
  /\.labels\.(?:ya?ml|json)$/i,
  /\.(?:ya?ml|txt|md|markdown|rst|log|tmp|part|crdownload|bak|sha256|md5)$/i,
  /~$/,
];

/** True for the base name of a file or folder that a walk passes over. */
export function isIgnored(name: string): boolean {
  return ignoredNames.some((pattern) => pattern.test(name));
}
