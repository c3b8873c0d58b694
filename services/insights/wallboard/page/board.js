// The board of a desk: figures, queues, agents. Drawn anew from each event, redrawn each second for
// what only time changes.
import { $, el, keyed, put } from './dom.js';
import { count, lasting, minute, many, say } from './format.js';

const SOON_S = 60; // less time left than this is said to be little
let skew = 0; // of the server's clock
let board = null;
const lateBefore = new Map();

export const setSkew = (ms) => { skew = ms; };
export const now = () => Date.now() + skew;
export const age = (ms) => (ms == null ? say('none') : lasting((now() - ms) / 1000));

export function left(due) {
  if (due == null) return { text: say('none'), kind: '' };
  const seconds = (due - now()) / 1000;
  if (seconds < 0) return { text: say('lateBy', { time: lasting(-seconds) }), kind: 'late' };
  return { text: lasting(seconds), kind: seconds < SOON_S ? 'soon' : '' };
}

const COLUMNS = [['queue', 'words'], ['waiting', ''], ['oldest', ''], ['slack', ''], ['withAgents', 'lesser'], ['later', 'lesser'], ['pending', 'lesser']];

export function heads() {
  $('queue-heads').replaceChildren(...COLUMNS.map(([word, kind]) => el('th', { scope: 'col', class: kind }, say(word))));
  put($('queues-title'), say('queues'));
  put($('agents-title'), say('agents'));
}

function queueRow(openQueue) {
  return (queue) => el('tr', { onclick: () => openQueue(queue.name) },
    el('th', { scope: 'row' }, el('button', { type: 'button', 'aria-haspopup': 'dialog' }, queue.name)),
    el('td', { class: 'number waiting' }), el('td', { class: 'oldest' }), el('td', { class: 'slack' }),
    el('td', { class: 'lesser' }), el('td', { class: 'lesser' }), el('td', { class: 'lesser' }));
}

function fillQueue(row, queue) {
  const cells = row.children;
  const slack = left(queue.due);
  put(cells[1], count(queue.waiting));
  put(cells[2], age(queue.oldest));
  put(cells[3], slack.text);
  put(cells[4], count(queue.assigned));
  put(cells[5], count(queue.scheduled));
  put(cells[6], count(queue.pending));
  row.className = slack.kind || (queue.waiting ? '' : 'idle');
}

function agentCard() {
  return el('li', {}, el('span', { class: 'name' }), ' ', el('span', { class: 'state' }), el('ul', { class: 'work' }));
}

function fillAgent(openInquiry) {
  return (card, agent) => {
    const [name, state, work] = card.children;
    card.className = agent.state;
    put(name, agent.name);
    const has = agent.has ? ` · ${many('inquiries', agent.has)}` : '';
    const asked = agent.asked ? ` · ${many('offers', agent.asked)}` : '';
    put(state, say(agent.missed && agent.state === 'away' ? 'missedOffers' : agent.state) + has + asked);
    keyed(work, agent.work, (one) => one.id,
      (one) => el('li', {}, el('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => openInquiry(one.id) })),
      (item, one) => {
        const button = item.firstElementChild;
        put(button, one.id.slice(0, 6));
        button.setAttribute('aria-label', `${say('inquiry', { id: one.id.slice(0, 6) })}, ${one.queue}`);
      });
  };
}

function figures() {
  const hour = board.hour;
  const time = (seconds) => (seconds == null ? say('none') : lasting(seconds));
  const sum = (of) => board.queues.reduce((total, queue) => total + of(queue), 0);
  const late = sum((queue) => queue.late);
  const foretold = sum((queue) => queue.foretold);
  const list = [['waitingNow', count(sum((queue) => queue.waiting))], ['lateNow', count(late), late > 0],
    ['forecast', count(foretold), foretold > 0]];
  if (hour.since != null) {
    list.push(['placed', count(hour.placed)], ['answered', count(hour.answered)], ['half', time(hour.half)], ['most', time(hour.most)],
      ['breached', count(hour.breached), hour.breached > 0]);
  }
  put($('hour-title'), hour.since == null ? say('hourNone') : say('hour', { time: minute(hour.since) }));
  keyed($('figures'), list, (one) => one[0],
    () => el('div', {}, el('dt'), el('dd')),
    (item, [word, value, bad]) => {
      put(item.children[0], say(word));
      put(item.children[1], value);
      item.className = bad ? 'bad' : '';
      item.id = `figure-${word}`;
    });
}

// Said aloud: only that a queue has more late ones than before.
function announce() {
  const news = [];
  for (const queue of board.queues) {
    const before = lateBefore.get(queue.name);
    if (before !== undefined && queue.late > before) news.push(many('becameLate', queue.late, { queue: queue.name }));
    lateBefore.set(queue.name, queue.late);
  }
  if (news.length) put($('breaches'), news.join('. '));
}

export function draw(given, open) {
  board = given ?? board;
  if (!board) return;
  if (given) announce();
  figures();
  board.queues.sort((a, b) => (b.waiting > 0) - (a.waiting > 0)); // by name within; where nobody waits comes last
  keyed($('queues'), board.queues, (queue) => queue.name, queueRow(open.queue), fillQueue);
  put($('queues-more'), !board.known ? say('unknownDesk') : board.queues_more ? many('more', board.queues_more) : '');
  keyed($('agents'), board.agents, (agent) => agent.name, agentCard, fillAgent(open.inquiry));
  put($('agents-more'), board.agents_more ? many('more', board.agents_more) : '');
  put($('states'), Object.keys(board.states).length
    ? ['available', 'busy', 'draining', 'away', 'offline'].map((state) => `${say(state)} ${count(board.states[state])}`).join(' · ') : '');
}

// What time alone changes.
export function tick() {
  if (!board) return;
  const rows = $('queues').children;
  board.queues.forEach((queue, i) => { if (rows[i]) fillQueue(rows[i], queue); });
}
