// Looks every ten seconds whether a step is done. Without it the page is the same, and is loaded anew by hand.
setInterval(async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) return;
  const steps = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('steps');
  const shown = document.getElementById('steps');
  if (steps && steps.innerHTML !== shown.innerHTML) shown.replaceChildren(...steps.childNodes);
}, 10000);
