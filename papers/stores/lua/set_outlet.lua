-- Give a channel's feed a secret, or take it away; nothing is found by the old one from here on.
-- KEYS: 1 outlet, 2 outlets
-- ARGV: 1 destination, 2 secret ('' for none), 3 the secret's mark, 4 seed and 5 now (ms), for a feed that never was
-- Answer: the feed's seed, and when it was made (ms); '' both where there never was one.
-- Running it twice: the second time finds what it is to set.
local before = redis.call('HGET', KEYS[1], 'mark')
if before then redis.call('HDEL', KEYS[2], before) end
redis.call('HDEL', KEYS[1], 'secret', 'mark')
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'secret', ARGV[2], 'mark', ARGV[3])
  redis.call('HSETNX', KEYS[1], 'seed', ARGV[4])
  redis.call('HSETNX', KEYS[1], 'made', ARGV[5])
  redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
end
local kept = redis.call('HMGET', KEYS[1], 'seed', 'made')
return {kept[1] or '', kept[2] or ''}
