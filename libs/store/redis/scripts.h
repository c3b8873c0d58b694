// The Lua scripts that make a look and a write one step on the Redis server.
#pragma once

#include <string>

namespace usher::store {

// KEYS[1]; ARGV: is there an expected value ("1"), that value, the new value, its time to live in
// ms (0: none). Gives 1 if it was put, 0 if the key held something else.
inline const std::string kPutIfScript = R"lua(
local expected = ARGV[1] == '1' and ARGV[2]
if redis.call('GET', KEYS[1]) ~= expected then return 0 end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
return 1
)lua";

// KEYS[1]: the watermark; ARGV: prefix, is there an expected watermark ("1"), that, the next one,
// then the writes:
//   v key value ttl_ms | d key | r table row value | x table row | a table row amount | l key value
//   ttl_ms
// Gives 1 if all was done, 0 if the watermark was another, -1 if a row could not be counted up. The
// first pass only looks, since a script that fails half-way is not undone.
inline const std::string kApplyScript = R"lua(
local prefix = ARGV[1]
local expected = ARGV[2] == '1' and ARGV[3]
if redis.call('GET', KEYS[1]) ~= expected then return 0 end

local max = 9007199254740991
local function number(text)
  if not string.match(text, '^-?%d+$') then return nil end
  local value = tonumber(text)
  if value > max or value < -max then return nil end
  return value
end

local size = {v = 4, d = 2, r = 4, x = 3, a = 4, l = 4}
local rows, dropped, sums = {}, {}, {}
local function set(t, r, value)
  if rows[t] == nil then rows[t] = {} end
  rows[t][r] = value
end
local i = 5
while i <= #ARGV do
  local op, t, r = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if op == 'r' then
    set(t, r, ARGV[i + 3])
  elseif op == 'x' then
    set(t, r, false)
  elseif op == 'd' then
    rows[t] = nil
    dropped[t] = true
  elseif op == 'a' then
    local there = rows[t] and rows[t][r]
    if there == nil and not dropped[t] then there = redis.call('HGET', prefix .. 't:' .. t, r) end
    local old, amount = number(there or '0'), number(ARGV[i + 3])
    local sum = old and amount and old + amount
    if not sum or sum > max or sum < -max then return -1 end
    local text = string.format('%.0f', sum)
    if text == '-0' then text = '0' end
    set(t, r, text)
    sums[i] = text
  end
  i = i + size[op]
end

i = 5
while i <= #ARGV do
  local op, k = ARGV[i], ARGV[i + 1]
  if op == 'v' then
    if ARGV[i + 3] == '0' then
      redis.call('SET', prefix .. 'v:' .. k, ARGV[i + 2])
    else
      redis.call('SET', prefix .. 'v:' .. k, ARGV[i + 2], 'PX', ARGV[i + 3])
    end
  elseif op == 'd' then
    redis.call('DEL', prefix .. 'v:' .. k, prefix .. 't:' .. k, prefix .. 'l:' .. k)
  elseif op == 'r' then
    redis.call('HSET', prefix .. 't:' .. k, ARGV[i + 2], ARGV[i + 3])
  elseif op == 'x' then
    redis.call('HDEL', prefix .. 't:' .. k, ARGV[i + 2])
  elseif op == 'a' then
    redis.call('HSET', prefix .. 't:' .. k, ARGV[i + 2], sums[i])
  else
    local list = prefix .. 'l:' .. k
    redis.call('RPUSH', list, ARGV[i + 2])
    if ARGV[i + 3] == '0' then
      redis.call('PERSIST', list)
    else
      redis.call('PEXPIRE', list, ARGV[i + 3])
    end
  end
  i = i + size[op]
end
redis.call('SET', KEYS[1], ARGV[4])
return 1
)lua";

}  // namespace usher::store
