/** Everything that is shown stands here; the script fills and uncovers it. `data-t` names a text of both languages. */
export const frontPage = /* html */ `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Earwitness</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/front.css">
<script src="/front.js" defer></script>
</head>
<body>
<header>
  <b>Earwitness</b><span class="grow"></span>
  <span id="who"></span>
  <button id="language" type="button" lang="zh">中文</button>
  <button id="leave" type="button" data-t="leave" hidden></button>
</header>
<main>
  <noscript>This page needs JavaScript; the API under /api/docs does not. 此页面需要 JavaScript。</noscript>
  <form id="setup" hidden>
    <h1 data-t="setupTitle"></h1>
    <p class="soft" data-t="setupHelp"></p>
    <label><span data-t="token"></span><input name="token" required autocomplete="off" spellcheck="false"></label>
    <label><span data-t="name"></span><input name="name" required maxlength="100" autocomplete="name"></label>
    <label><span data-t="login"></span><input name="login" required maxlength="100" autocomplete="username" spellcheck="false"></label>
    <label><span data-t="password"></span><input name="password" type="password" required autocomplete="new-password" minlength="12"><small class="soft" data-t="atLeast"></small></label>
    <p class="problem" role="alert" hidden></p>
    <button class="main" data-t="setupGo"></button>
  </form>
  <form id="login" hidden>
    <h1 data-t="loginTitle"></h1>
    <label><span data-t="login"></span><input name="login" required autocomplete="username" spellcheck="false"></label>
    <label><span data-t="password"></span><input name="password" type="password" required autocomplete="current-password"></label>
    <p class="problem" role="alert" hidden></p>
    <button class="main" data-t="loginGo"></button>
    <p id="oidc" hidden><a href="/api/v1/login/oidc" data-t="oidc"></a></p>
  </form>
  <div id="work" hidden>
    <form id="upload">
      <h1 data-t="uploadTitle"></h1>
      <div id="drop" tabindex="-1">
        <p data-t="drop"></p>
        <p><label class="pick"><input id="files" type="file" multiple><span data-t="pick"></span></label></p>
        <p class="soft" data-t="kinds"></p>
        <ul id="chosen"></ul>
      </div>
      <label><span data-t="batchTitle"></span><input name="title" maxlength="200"></label>
      <p class="problem" role="alert" hidden></p>
      <p class="row"><button class="main" data-t="send" disabled></button><progress id="sending" max="1" value="0" hidden></progress><span id="sent" role="status"></span></p>
    </form>
    <section id="batches"><h2 data-t="batches"></h2><p class="soft none" data-t="noBatches"></p>
      <div class="scroll"><table hidden><thead><tr><th data-t="batch"><th data-t="state"><th data-t="progress"><th class="num" data-t="failures"><th></tr></thead><tbody></tbody></table></div></section>
    <section id="risky"><h2 data-t="risky"></h2><p class="soft none" data-t="noneRisky"></p>
      <div class="scroll"><table hidden><thead><tr><th data-t="session"><th data-t="agent"><th class="num" data-t="score"><th data-t="risk"><th data-t="why"><th></tr></thead><tbody></tbody></table></div></section>
    <footer class="soft"><a href="/api/docs" data-t="api"></a></footer>
  </div>
</main>
</body>
</html>
`;
