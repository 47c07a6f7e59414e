/** Where the page begins: the window shows its frame before the program, which is larger, is read. */

const patienceMs = 100;
let hasBegun = false;

function begin(): void {
  if (hasBegun) return;
  hasBegun = true;
  void import('./main.ts');
}

// Behind the first frame; a window that draws none (minimised, hidden) begins all the same.
requestAnimationFrame(() => setTimeout(begin));
setTimeout(begin, patienceMs);
