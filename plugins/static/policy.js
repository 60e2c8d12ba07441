// What scripts add to pages that read well without them: n and p walk through the changes, buttons copy.
"use strict";

(() => {
  const changes = [...document.querySelectorAll(".change[id]")];

  function here() {
    const edge = 80; // below the sticky heading of a section
    const passed = changes.filter((change) => change.getBoundingClientRect().top <= edge);
    return passed.length - 1;
  }

  function go(step) {
    const target = changes[Math.min(changes.length - 1, Math.max(0, here() + step))];
    if (!target) return;
    location.hash = target.id;
    target.querySelector(".anchor").focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === "n") go(1);
    if (event.key === "p") go(-1);
  });
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = changes.length < 2;

  // A redline that mail programs and issue trackers understand.
  function markdown(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent.replace(/([\\*_~`<>[\]])/g, "\\$1");
    if (node.classList && node.classList.contains("vh")) return "";
    const inner = [...node.childNodes].map(markdown).join("");
    if (!inner.trim()) return inner;
    if (node.nodeName === "INS") return `**${inner.trim()}**${/\s$/.test(inner) ? " " : ""}`;
    if (node.nodeName === "DEL") return `~~${inner.trim()}~~${/\s$/.test(inner) ? " " : ""}`;
    return inner;
  }

  function redline() {
    const lines = [`# ${document.querySelector("h1").textContent.trim()}`, location.href];
    for (const group of document.querySelectorAll(".group")) {
      lines.push(`## ${group.querySelector("h2").textContent.trim().replace(/\s+/g, " ")}`);
      for (const body of group.querySelectorAll(".inline, .heading-change, .pair > div")) lines.push(markdown(body).trim());
    }
    return lines.join("\n\n");
  }

  const copied = { redline, citation: () => document.getElementById("citation").textContent };
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue; // only served over https or from this machine
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.textContent;
      await navigator.clipboard.writeText(copied[button.dataset.copy]());
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }
})();
