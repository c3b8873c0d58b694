// The wallboard: which desk, which language, which colours; then what the server tells.
import { $, el, put } from './dom.js';
import { LANGUAGES } from './words.js';
import { at, best, choose, say } from './format.js';
import * as board from './board.js';
import * as drill from './drill.js';
import { follow } from './live.js';

const THEMES = ['auto', 'light', 'dark'];
const asked = new URLSearchParams(location.search);
const desk = asked.get('desk') ?? '';
let told = { state: 'connecting', since: null };

// A browser may refuse to remember; the page works all the same.
const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* refused */ } };
const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };

const open = {
  queue: (name) => drill.openQueue(name),
  inquiry: (id) => drill.openInquiry(id),
};

function status() {
  const { state, since } = told;
  const text = state === 'live' ? say('live')
    : state === 'lost' ? say('notLive', { time: at(since) })
      : state === 'behind' && since != null ? say('behind', { time: at(since) })
        : say(state === 'refused' ? 'full' : 'connecting');
  put($('status'), text);
  document.body.classList.toggle('stale', state !== 'live' && state !== 'connecting');
  document.body.dataset.state = state;
}

function wording() {
  document.documentElement.lang = LANGUAGES[$('language').value].locale;
  document.title = desk ? `${desk} – usher` : 'usher';
  put($('desk'), desk || 'usher');
  put($('language-label'), say('language'));
  put($('theme'), say('theme', { theme: say(theme()) }));
  put($('desks-title'), say('desks'));
  board.heads();
  board.draw(null, open);
  status();
}

const theme = () => document.documentElement.dataset.theme ?? 'auto';
function setTheme(name) {
  if (name === 'light' || name === 'dark') document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

async function listDesks() {
  $('desks').hidden = false;
  put($('status'), '');
  let desks = null;
  try {
    const answer = await fetch('api/desks');
    if (answer.ok) desks = (await answer.json()).desks;
  } catch { /* tried again below */ }
  if (desks && desks.length) {
    $('desk-list').replaceChildren(...desks.map((name) => el('li', {}, el('a', { href: `?desk=${encodeURIComponent(name)}` }, name))));
    return;
  }
  $('desk-list').replaceChildren(el('li', {}, say(desks ? 'noDesks' : 'connecting')));
  setTimeout(listDesks, 3000);
}

for (const [code, words] of Object.entries(LANGUAGES)) $('language').append(el('option', { value: code, lang: words.locale }, words.name));
$('language').value = best([asked.get('lang') ?? '', remembered('language') ?? '', ...navigator.languages]);
$('language').addEventListener('change', () => {
  remember('language', $('language').value);
  choose($('language').value);
  wording();
});
$('theme').addEventListener('click', () => {
  setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  remember('theme', theme());
  wording();
});
setTheme(remembered('theme'));
choose($('language').value);
wording();

if (desk) {
  $('board').hidden = false;
  drill.setUp(desk);
  follow(desk, {
    clock: board.setSkew,
    board: (given) => {
      board.draw(given, open);
      drill.refresh();
    },
    state: (state, asOf) => {
      if (state === 'lost') {
        if (told.state === 'lost') return;
        told = { state, since: board.now() };
      } else {
        told = { state, since: asOf ?? null };
      }
      status();
    },
  });
  setInterval(board.tick, 1000);
} else {
  listDesks();
}
