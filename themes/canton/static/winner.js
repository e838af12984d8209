/* Copies the code for other sites. */
for (const b of document.querySelectorAll('[data-copy]')) b.onclick = async () => {
const t = b.closest('section').querySelector('textarea');
t.select();
try { await navigator.clipboard.writeText(t.value) } catch { document.execCommand('copy') }
b.parentNode.querySelector('output').textContent = b.dataset.copy;
};
