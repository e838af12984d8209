// Follows the site while it is edited: shows the page again when it has changed, and exchanges styles
// without that. Not part of what is published.
{
  const mark = document.currentScript.dataset.mark;
  const changes = new EventSource("/.jinbang/events?" + mark);
  const load = () => location.reload();

  // The new page in the window of the old one is seen sooner than one that is loaded into an empty window. Where
  // something of the old page stands in its way, its scripts or its security policy, it is loaded after all.
  const renew = async () => {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = await answer.text();
    if (answer.redirected || !answer.headers.get("Content-Type").startsWith("text/html")) return load();
    for (let timer = setTimeout(load, 1e6); timer > 0; timer--) clearTimeout(timer);
    const place = { left: scrollX, top: scrollY, behavior: "instant" };
    // Takes all listeners away.
    document.open();
    addEventListener("error", load);
    document.addEventListener("securitypolicyviolation", load);
    document.addEventListener("DOMContentLoaded", () => scrollTo(place));
    document.write(page);
    document.close();
  };

  changes.addEventListener("reload", () => {
    changes.close();
    renew().catch(load);
  });
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
}
