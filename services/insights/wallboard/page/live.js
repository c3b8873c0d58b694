// A stream of a desk's board that comes back by itself: the browser reconnects after a broken line,
// this does after a refusal, later each time, and says how long nothing was heard.
const SILENCE_MS = 7000; // three beats
const WAIT_MS = 1000;
const WAIT_MAX_MS = 30000;

export function follow(desk, on) {
  let source = null;
  let wait = WAIT_MS;
  let heard = 0; // performance.now() of the last sign of life
  let live = false;

  const hear = (event) => {
    const told = JSON.parse(event.data);
    heard = performance.now();
    wait = WAIT_MS;
    on.clock(told.now - Date.now());
    if (told.board) on.board(told.board);
    live = told.live;
    on.state(live ? 'live' : 'behind', told.as_of);
  };

  function open() {
    source = new EventSource(`events?desk=${encodeURIComponent(desk)}`);
    source.addEventListener('board', hear);
    source.addEventListener('beat', hear);
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) {
        on.state('lost'); // the browser tries again
        return;
      }
      source.close();
      on.state(heard ? 'lost' : 'refused');
      setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, WAIT_MAX_MS);
    };
  }
  open();

  // A line that is open but silent is no life either.
  setInterval(() => {
    if (heard && performance.now() - heard > SILENCE_MS) {
      on.state('lost');
      if (performance.now() - heard > 4 * SILENCE_MS && source.readyState === EventSource.OPEN) {
        source.close();
        heard = performance.now() - SILENCE_MS;
        open();
      }
    }
  }, 1000);
}
