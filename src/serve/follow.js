// Follows the site while it is edited: loads the page again when it has changed, and exchanges styles
// without that. Not part of what is published.
const mark = document.currentScript.dataset.mark;
const changes = new EventSource("/.jinbang/events?" + mark);
changes.addEventListener("reload", () => location.reload());
changes.addEventListener("styles", (event) => {
  const addresses = JSON.parse(event.data);
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    const address = addresses[link.getAttribute("href")];
    if (!address || address === link.getAttribute("href")) continue;
    const styled = link.cloneNode();
    styled.href = address;
    // The old style stays until the new one is there.
    styled.addEventListener("load", () => link.remove());
    link.after(styled);
  }
});
addEventListener("pagehide", () => changes.close());
