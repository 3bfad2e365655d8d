-- Forget a channel, unless somebody subscribed in it meanwhile: its own keys, and its places in what is shared.
-- KEYS: 1 subscriptions, 2 outlet, 3 outlets, 4 due, 5 platform's outbox, 6 channels, 7 changes, then others of its keys
-- ARGV: 1 destination, 2 highest length of the change log
-- Answer: 1; 0 if it has subscriptions, in which case nothing changed.
-- Running it twice: the second time there is nothing left, and nobody is told of it again.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local mark = redis.call('HGET', KEYS[2], 'mark')
if mark then redis.call('HDEL', KEYS[3], mark) end
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('UNLINK', KEYS[2], unpack(KEYS, 8))
if redis.call('SREM', KEYS[6], ARGV[1]) == 1 then
  redis.call('XADD', KEYS[7], 'MAXLEN', '~', ARGV[2], '*', 'destination', ARGV[1])
end
return 1
