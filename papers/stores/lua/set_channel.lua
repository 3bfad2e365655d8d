-- Keep a channel's settings and say when its next post is to be planned: not while it is paused or suspended.
-- KEYS: 1 channel, 2 due, 3 channels, 4 inbox
-- ARGV: 1 destination, 2 settings as JSON, 3 '1' if instant, 4 '1' if paused, 5 next slot (ms; '' for none), 6 now (ms)
-- Answer: how many papers wait in the inbox.
redis.call('HSET', KEYS[1], 'settings', ARGV[2], 'instant', ARGV[3], 'paused', ARGV[4])
redis.call('SADD', KEYS[3], ARGV[1])
local waiting = redis.call('HLEN', KEYS[4])
if ARGV[4] == '1' or redis.call('HEXISTS', KEYS[1], 'suspended') == 1 then
  redis.call('ZREM', KEYS[2], ARGV[1])
elseif ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
elseif waiting > 0 then
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
else
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return waiting
