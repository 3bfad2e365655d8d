-- Remove a subscription.
-- KEYS: 1 subscriptions, 2 changes, 3 feeds
-- ARGV: 1 destination, 2 number, 3 feed URL or '', 4 highest length of the change log
-- Answer: 1, or 0 if there was none. Running it twice: the second time answers 0 and changes nothing.
if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then return 0 end
if ARGV[3] ~= '' and redis.call('HINCRBY', KEYS[3], ARGV[3], -1) <= 0 then redis.call('HDEL', KEYS[3], ARGV[3]) end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'destination', ARGV[1])
return 1
