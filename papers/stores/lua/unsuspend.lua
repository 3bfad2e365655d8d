-- Post to a suspended channel again: what sleeps in its outbox now, what waits in its inbox at its next slot.
-- KEYS: 1 channel, 2 platform's outbox, 3 due, 4 inbox
-- ARGV: 1 destination, 2 now (ms), 3 its settings as JSON as they were read, '' if there were none,
--       4 next slot by these (ms; '' for an instant channel)
-- Answer: 1; 0 if it was not suspended, -1 if the settings are others by now. For these two nothing changed.
-- Running it twice: the second time it is suspended no more, and answers 0.
local channel = redis.call('HMGET', KEYS[1], 'suspended', 'settings', 'paused')
if not channel[1] then return 0 end
if (channel[2] or '') ~= ARGV[3] then return -1 end
redis.call('HDEL', KEYS[1], 'suspended', 'cause', 'closed')
redis.call('ZADD', KEYS[2], 'LT', ARGV[2], ARGV[1])
if channel[3] == '1' then return 1 end
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
elseif redis.call('HLEN', KEYS[4]) > 0 then redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1]) end
return 1
