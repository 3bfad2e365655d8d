-- Put edits of messages into their channels' outboxes, unless one that waits already will show the same.
-- KEYS: four an edit: the edit's hash, the hash of the delivery whose message it edits, outbox, platform's outbox, and
--       after these four its turn: the instant up to which turns of being edited are given out
-- ARGV: 1 how long an edit is kept (ms), then six an edit: destination, its id, JSON, id of the delivery that it edits,
--       key prefix of the channel's deliveries, ms between two turns
-- Answer: how many were put.
-- The delivery remembers its last edit. One that is pending was not begun, so it will show what is true by then.
-- Running it twice: the second time all of them are known.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local put = 0
for e = 0, #KEYS / 5 - 1 do
  local edit, delivery, outbox, platform, turns = unpack(KEYS, e * 5 + 1, e * 5 + 5)
  local destination, id, json, parent, prefix, interval = unpack(ARGV, e * 6 + 2, e * 6 + 7)
  local fields = redis.call('HMGET', delivery, 'state', 'edit')
  local is_to_come = fields[2] and redis.call('HGET', prefix .. fields[2], 'state') == 'pending'
  local has_message = fields[1] and fields[1] ~= 'dead' and fields[1] ~= 'parked'
  if has_message and not is_to_come and redis.call('EXISTS', edit) == 0 then
    local due = math.max(tonumber(redis.call('GET', turns) or 0), now)
    local taken = due + tonumber(interval)
    if taken > now then redis.call('SET', turns, taken, 'PX', math.ceil(taken - now)) end
    redis.call('HSET', edit, 'json', json, 'state', 'pending', 'due', due, 'parent', parent, 'at', now, 'tries', 0)
    redis.call('PEXPIRE', edit, ARGV[1])
    redis.call('HSET', delivery, 'edit', id)
    redis.call('ZADD', outbox, due, id)
    redis.call('ZADD', platform, 'LT', redis.call('ZRANGE', outbox, 0, 0, 'WITHSCORES')[2], destination)
    put = put + 1
  end
end
return put
