/** OpenCC's traditional→simplified character rows, `from to|from to|…`; the package ships no type for this file. */
declare module 'opencc-js/dict/TSCharacters' {
  const rows: string;
  export default rows;
}
