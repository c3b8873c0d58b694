// Words, numbers, times and durations in the chosen language.
import { LANGUAGES } from './words.js';

let words = LANGUAGES.en;
let plural = new Intl.PluralRules('en');
let number = new Intl.NumberFormat('en');
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
let units = {};
let clock;
let minutes;

export function choose(code) {
  words = LANGUAGES[code];
  plural = new Intl.PluralRules(words.locale);
  number = new Intl.NumberFormat(words.locale);
  clock = new Intl.DateTimeFormat(words.locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  minutes = new Intl.DateTimeFormat(words.locale, { hour: '2-digit', minute: '2-digit' });
  units = {};
  for (const [unit] of UNITS) {
    units[unit] = new Intl.NumberFormat(words.locale, { style: 'unit', unit, unitDisplay: 'narrow' });
  }
}
choose('en');

// The first language of `wanted` that the page speaks; English otherwise.
export function best(wanted) {
  for (const tag of wanted) {
    const code = String(tag).toLowerCase().split('-')[0];
    if (LANGUAGES[code]) return code;
  }
  return 'en';
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

export const say = (key, values = {}) => fill(words[key], values);
export const stage = (name) => words.stages[name] ?? name;
export const count = (n) => number.format(n);
export const many = (key, n, values = {}) => fill(words[key][plural.select(n)] ?? words[key].other, { n: count(n), ...values });
export const at = (ms) => clock.format(new Date(ms));
export const minute = (ms) => minutes.format(new Date(ms));

// The two largest units, cut: "3 h 5 min".
export function lasting(seconds) {
  let rest = Math.max(0, seconds);
  if (rest < 1) return rest > 0.0005 && rest < 0.9995 ? units.second.format(Math.round(rest * 10) / 10) : units.second.format(Math.round(rest));
  rest = Math.floor(rest);
  const parts = [];
  for (const [unit, length] of UNITS) {
    const whole = Math.floor(rest / length);
    if (whole > 0 || parts.length) parts.push(whole > 0 ? units[unit].format(whole) : '');
    rest -= whole * length;
    if (parts.length === 2) break;
  }
  return parts.filter(Boolean).join(' ');
}
