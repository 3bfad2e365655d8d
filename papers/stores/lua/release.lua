-- Let a parked delivery go out again, as its channel chose, with the replies that were parked for its sake.
-- KEYS: 1 delivery, 2 outbox, 3 platform's outbox, 4 history
-- ARGV: 1 destination, 2 id, 3 key prefix of the channel's deliveries
-- Answer: 1 if it goes out or is about to; 0 if it is not parked, in which case nothing changed.
-- Running it twice: the second time it is pending already, and answers 1.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'pending' or state == 'sending' then return 1 end
if state ~= 'parked' then return 0 end

local function put_back(key, id, at)
  redis.call('HSET', key, 'state', 'pending', 'detail', '', 'at', now)
  redis.call('PERSIST', key)
  redis.call('ZADD', KEYS[2], at, id)
end

local history = redis.call('LRANGE', KEYS[4], 0, -1)
put_back(KEYS[1], ARGV[2], now - #history - 1)
for place, id in ipairs(history) do -- newest first: the older, the earlier due, so that a thread keeps its order
  local fields = redis.call('HMGET', ARGV[3] .. id, 'state', 'parent')
  if fields[1] == 'parked' and fields[2] == ARGV[2] then put_back(ARGV[3] .. id, id, now - place) end
end
redis.call('ZADD', KEYS[3], 'LT', now, ARGV[1])
return 1
