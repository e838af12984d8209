// Buttons that need a script: to print the page, and to copy the code for other sites.
{
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const code = button.closest("section").querySelector("textarea");
      code.select();
      try {
        await navigator.clipboard.writeText(code.value);
      } catch {
        // Without permission what is selected is copied.
        document.execCommand("copy");
      }
      button.parentNode.querySelector("output").textContent = button.dataset.copy;
    });
  }
}
