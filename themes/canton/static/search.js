/* Asks the index: the table once, then the shards of the terms and the entries that are shown. */
(() => {
const D = document, F = D.querySelector('form[data-index]'), d = F.dataset, say = D.querySelector('.say'), list = D.querySelector('.hits');
const box = list.parentNode, more = box.querySelector('button'), H = D.documentElement, zh = /^zh/.test(H.lang), plural = new Intl.PluralRules(H.lang), PAGE = 10;
const files = new Map();
const get = name => files.get(name) ?? files.set(name, fetch(d.index + name).then(r => r.ok ? name.endsWith('json') ? r.json() : r.text() : Promise.reject())).get(name);
const HAN = '\\u3005-\\u3007\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}', FOLD = Object.fromEntries((d.fold || '').split(' ').map(f => f.split('=')));
const RUN = new RegExp(`([${HAN}]+)|(?:(?![${HAN}])[\\p{L}\\p{N}])+(?:[.\\-'&/](?:(?![${HAN}])[\\p{L}\\p{N}])+)*`, 'gu');
const fold = s => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\P{ASCII}/gu, c => FOLD[c] ?? c);

/* The terms of a query: pairs of characters as they are, words by their beginning. */
function terms(query) {
const all = [];
for (const [run, han] of fold(query).matchAll(RUN)) {
const c = [...run];
if (!han || c.length == 1) all.push({ t: run, from: !han || c.length == 1 });
else for (let i = 1; i < c.length; i++) all.push({ t: c[i - 1] + c[i] });
}
const long = all.filter(x => x.t.length > 1);
return long.length ? long : all;
}

/* Numbers of entries with the weight of the term there; `open` if more have it than are listed. */
async function look({ t, from }, table) {
const S = table.starts, at = t => { let lo = 0, hi = S.length; while (lo < hi) { const m = lo + hi >> 1; S[m] <= t ? lo = m + 1 : hi = m } return Math.max(lo - 1, 0) };
const first = at(t), last = from ? Math.min(at(t + '\uffff'), first + 3) : first, shards = new Set(), cut = new Set();
for (let i = first; i <= last; i++) shards.add(i);
/* Spelt beyond what a term holds: the cut terms that it begins with. */
if (from && /^[a-z]+$/.test(t)) for (let n = 6; n < t.length; n++) { const c = t.slice(0, n) + '!'; cut.add(c); shards.add(at(c)) }
const hits = new Map();
let open = false;
for (const text of await Promise.all([...shards].map(i => get(`t${i}.txt`)))) {
for (const line of text.split('\n')) {
const colon = line.indexOf(':'), k = line.slice(0, colon);
if (!(k == t || from && k.startsWith(t) || cut.has(k))) continue;
line.slice(colon + 1).split(';').forEach((part, i) => {
if (!part) return;
if (part[0] == '*') { open = true; part = part.slice(1) }
let n = 0;
for (const p of part.split(',')) { n += parseInt(p, 36); hits.set(n, Math.max(hits.get(n) || 0, i ? 1 : k == t || !from ? 4 : 3)) }
});
}
}
return { hits, open };
}

async function search(query) {
const wanted = terms(query);
if (!wanted.length) return { found: [] };
const table = await get('index.json'), looked = await Promise.all(wanted.map(w => look(w, table)));
/* A term that is nearly everywhere does not narrow, unless there is no other. */
const some = looked.filter(l => !l.open), need = some.length ? some : looked, weight = new Map();
const least = need.reduce((a, b) => a.hits.size <= b.hits.size ? a : b);
for (const n of least.hits.keys()) if (need.every(l => l.hits.has(n))) weight.set(n, looked.reduce((s, l) => s + (l.hits.get(n) || 0), 0));
return { table, open: !some.length, found: [...weight].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(x => x[0]) };
}

/* What is found may run the other way than the page. */
const add = (parent, tag, text, lang) => { const e = parent.appendChild(D.createElement(tag)); if (text) { const t = e.appendChild(D.createElement('bdi')); t.textContent = text; if (lang) t.lang = lang } return e };
const tongue = s => /[\u4e00-\u9fff]/.test(s) == zh ? H.dir == 'rtl' && /^\w/.test(s) ? 'en' : '' : zh ? 'en' : 'zh-Hans';
let turn = 0, wait;

async function show(found, table, from, mine) {
const part = found.slice(from, from + PAGE), chunk = n => get(`e${Math.floor(n / table.each)}.json`);
const rows = await Promise.all(part.map(async n => (await chunk(n))[n % table.each]));
if (mine != turn) return;
for (const [path, title, other, note] of rows) {
const li = add(list, 'li', ''), a = add(li, 'a', title, tongue(title));
a.href = d.root + path;
if (other) add(li, 'p', other, tongue(other));
if (note) add(li, 'p', note);
}
more.parentNode.hidden = from + PAGE >= found.length;
more.onclick = async () => { const at = list.children.length; await show(found, table, at, turn); list.children[at]?.querySelector('a').focus() };
}

async function run() {
const query = F.q.value.trim(), mine = ++turn;
history.replaceState(null, '', query ? '?q=' + encodeURIComponent(query) : location.pathname);
if (!query) { say.textContent = ''; box.hidden = true; return }
try {
const { found, table, open } = await search(query);
if (mine != turn) return;
const n = found.length;
list.replaceChildren();
box.hidden = !n;
if (n) await show(found, table, 0, mine);
if (mine == turn) say.textContent = n ? (open ? d.over : d[plural.select(n)] ?? d.other).replace('{n}', (open ? table.common : n).toLocaleString(H.lang + '-u-nu-latn')) : d.none;
} catch {
files.clear();
if (mine == turn) { say.textContent = d.failed; box.hidden = true }
}
}

F.onsubmit = e => { e.preventDefault(); run() };
F.oninput = () => { clearTimeout(wait); wait = setTimeout(run, 150) };
const q = new URLSearchParams(location.search).get('q');
if (q) { F.q.value = q; run() }
})();
