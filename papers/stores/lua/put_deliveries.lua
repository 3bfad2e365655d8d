-- Put deliveries into a channel's outbox, those that are not known yet.
-- KEYS: 1 outbox, 2 platform's outbox, 3 history, then the deliveries' hashes
-- ARGV: 1 destination, 2 now (ms), then three a delivery: id, JSON, when due (ms)
-- Answer: how many were put. Running it twice: the second time all are known.
local put = 0
for d = 4, #KEYS do
  local id, json, due = ARGV[d * 3 - 9], ARGV[d * 3 - 8], ARGV[d * 3 - 7]
  if redis.call('EXISTS', KEYS[d]) == 0 then
    redis.call('HSET', KEYS[d], 'json', json, 'state', 'pending', 'due', due, 'parent', '', 'at', ARGV[2], 'tries', 0)
    redis.call('ZADD', KEYS[1], due, id)
    redis.call('LPUSH', KEYS[3], id)
    put = put + 1
  end
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[2], 'LT', first[2], ARGV[1]) end
return put
