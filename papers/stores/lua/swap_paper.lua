-- Store a paper if nobody else stored it meanwhile.
-- KEYS: 1 the paper, 2 changed
-- ARGV: 1 JSON as it was read, 2 JSON to store, 3 its id
-- Answer: 1 if it was stored.
-- Running it twice: the second time it finds what it would write, and says 1.
local now = redis.call('GET', KEYS[1])
if now == ARGV[2] then return 1 end
if now ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[3])
return 1
