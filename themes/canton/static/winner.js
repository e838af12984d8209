/* Copies the code for other sites. */
for (const b of document.querySelectorAll('[data-copy]')) b.onclick = async () => {
const t = b.closest('section').querySelector('textarea');
t.select();
try { await navigator.clipboard.writeText(t.value) } catch { document.execCommand('copy') }
b.parentNode.querySelector('output').textContent = b.dataset.copy;
};
/* An award is proposed until the day from which the list is final. */
for (const e of document.querySelectorAll('[data-proposed]'))
if (new Date(Date.now() + 288e5).toISOString().slice(0, 10) < e.dataset.from) e.textContent = e.dataset.proposed;
