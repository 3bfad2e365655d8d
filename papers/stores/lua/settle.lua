-- Write down what became of a delivery that was claimed.
-- KEYS: 1 delivery, 2 outbox, 3 platform's outbox, 4 sending, 5 channel, 6 due, 7 pace to be held up (only with 9)
-- ARGV: 1 destination, 2 id, 3 token, 4 state (sent, dead, parked, pending, unknown), 5 message id or '', 6 detail or '',
--       7 wait (ms) before it may be claimed again, for pending and unknown, 8 reason to suspend the channel or '',
--       9 ms to hold the pace up, or 0, 10 key of the delivery whose message this one edits, or '',
--       11 how long it is remembered once it waits for nothing (ms)
-- Answer: 3 if this suspended the channel; 2 if the channel has more that is due, else 1; 0 if the token is not the last
--         one given out for it, in which case nothing changed.
-- Running it twice: the second time writes the same.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[3] then return 0 end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local state, waits, suspends = ARGV[4], ARGV[4] == 'pending' or ARGV[4] == 'unknown', ARGV[8] ~= ''
redis.call('HSET', KEYS[1], 'state', state, 'message', ARGV[5], 'detail', ARGV[6], 'at', now, 'lease', 0)
if state == 'sent' and ARGV[10] ~= '' then redis.call('HSET', ARGV[10], 'edited', now) end
if not waits then
  redis.call('ZREM', KEYS[2], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[11], 'NX') -- an edit has its own time
elseif not suspends then redis.call('ZADD', KEYS[2], now + ARGV[7], ARGV[2]) end -- else it sleeps in its old place
if redis.call('GET', KEYS[4]) == ARGV[2] then redis.call('DEL', KEYS[4]) end
if tonumber(ARGV[9]) > 0 then redis.call('SET', KEYS[7], now + ARGV[9], 'PX', ARGV[9]) end
if suspends then
  -- the token is the cause, not the id: a delivery may find its channel closed again, and that is another closing
  if redis.call('HSETNX', KEYS[5], 'suspended', ARGV[8]) == 1 then redis.call('HSET', KEYS[5], 'cause', ARGV[3]) end
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZREM', KEYS[6], ARGV[1])
  return redis.call('HGET', KEYS[5], 'cause') == ARGV[3] and 3 or 1
end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if not first[2] then
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
end
redis.call('ZADD', KEYS[3], first[2], ARGV[1])
return tonumber(first[2]) <= now and 2 or 1
