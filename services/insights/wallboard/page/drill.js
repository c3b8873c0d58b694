// A queue's waiting inquiries, an inquiry's story: in a dialog, from keys alone as well.
import { $, el, keyed, put } from './dom.js';
import { at, count, many, say, stage } from './format.js';
import { age, left } from './board.js';

let desk = '';
let queue = null; // whose list is shown, or to go back to
let inquiry = null; // whose story is shown
let opener = null; // gets the focus back
let turn = 0; // answers to older questions are dropped

async function ask(path, values) {
  const query = new URLSearchParams({ desk, ...values });
  const answer = await fetch(`api/${path}?${query}`);
  if (answer.ok) return { told: await answer.json() };
  return { status: answer.status };
}

function show(title) {
  put($('drill-title'), title);
  put($('close'), say('close'));
  put($('back'), say('back'));
  $('back').hidden = !(inquiry && queue);
  if (!$('drill').open) {
    opener = document.activeElement;
    $('drill').showModal();
  }
}

const LIST = [['inquiry', 'words'], ['oldest', ''], ['slack', ''], ['priority', 'lesser'], ['about', 'words lesser']];

function listRow(one) {
  return el('tr', {}, el('th', { scope: 'row' }, el('button', { type: 'button', onclick: () => openInquiry(one.id) }, one.id.slice(0, 6))),
    el('td'), el('td', { class: 'slack' }), el('td', { class: 'lesser' }), el('td', { class: 'words lesser' }));
}

function fillListRow(row, one) {
  const slack = left(one.due);
  const marks = [one.channel, one.language, one.topic, one.repeat && say('repeat'), one.starving && say('starving')];
  put(row.children[1], age(one.placed));
  put(row.children[2], slack.text);
  put(row.children[3], count(one.priority));
  put(row.children[4], marks.filter(Boolean).join(' · '));
  row.className = one.late ? 'late' : slack.kind;
}

async function drawQueue() {
  const mine = ++turn;
  const { told, status } = await ask('queue', { queue });
  if (mine !== turn || !$('drill').open) return;
  const body = $('drill-body');
  if (!told || !told.inquiries.length) {
    body.replaceChildren(el('p', {}, told ? say('nobody') : status === 409 ? say('notListed') : say('gone')));
    return;
  }
  if (!body.querySelector('tbody')) {
    body.replaceChildren(el('p', { class: 'facts' }),
      el('table', {}, el('thead', {}, el('tr', {}, ...LIST.map(([word, kind]) => el('th', { scope: 'col', class: kind }, say(word, { id: '' }).trim())))), el('tbody')));
  }
  const shown = told.inquiries.length;
  put(body.firstElementChild, shown < told.in_all ? say('shown', { n: count(shown), all: count(told.in_all) }) : many('inquiries', told.in_all));
  keyed(body.querySelector('tbody'), told.inquiries, (one) => one.id, listRow, fillListRow);
}

async function drawInquiry() {
  const mine = ++turn;
  const { told } = await ask('inquiry', { inquiry });
  if (mine !== turn || !$('drill').open) return;
  if (!told) {
    $('drill-body').replaceChildren(el('p', {}, say('gone')));
    return;
  }
  const facts = [told.queue, stage(told.stage), told.agent || told.asked.join(', '), say('placedAt', { time: age(told.placed) }),
    ['waiting', 'offered', 'assigned'].includes(told.stage) ? left(told.due).text : '', `${say('priority')} ${count(told.priority)}`, told.channel, told.language, told.topic];
  const story = el('ol', { class: 'timeline', lang: 'en' }, ...told.timeline.map((entry) =>
    el('li', {}, el('time', { datetime: new Date(entry.at).toISOString() }, at(entry.at)), entry.sentence)));
  const waits = told.stage === 'waiting' || told.stage === 'offered';
  const why = waits ? el('pre', { id: 'why' }, say('loading')) : null;
  $('drill-body').replaceChildren(...[el('p', { class: 'facts' }, facts.filter(Boolean).join(' · ')),
    waits ? el('h2', {}, say('why')) : null, why, el('h2', {}, say('timeline')), story].filter(Boolean));
  if (!waits) return;
  const { told: reasons } = await ask('why', { inquiry: told.id });
  if (mine !== turn) return;
  if (reasons) why.setAttribute('lang', 'en');
  put(why, reasons ? reasons.lines.trim() : say('noWhy'));
}

export function openQueue(name) {
  queue = name;
  inquiry = null;
  $('drill-body').replaceChildren(el('p', {}, say('loading')));
  show(name);
  $('drill-title').focus();
  drawQueue();
}

export function openInquiry(id) {
  if (!$('drill').open) queue = null;
  inquiry = id;
  $('drill-body').replaceChildren(el('p', {}, say('loading')));
  show(say('inquiry', { id: id.slice(0, 6) }));
  $('drill-title').focus();
  drawInquiry();
}

function back() {
  if (inquiry && queue) openQueue(queue);
  else $('drill').close();
}

// The list of a queue follows the board; a story is read in peace.
export function refresh() {
  if ($('drill').open && queue && !inquiry) drawQueue();
}

export function setUp(name) {
  desk = name;
  $('back').addEventListener('click', back);
  $('close').addEventListener('click', () => $('drill').close());
  $('drill').addEventListener('cancel', (event) => {
    event.preventDefault(); // Escape goes one step back
    back();
  });
  $('drill').addEventListener('close', () => {
    turn += 1;
    queue = inquiry = null;
    if (opener && opener.isConnected) opener.focus();
  });
}
