-- Post nothing to a channel any more, and plan nothing for it: what it has in its outbox and its inbox stays there.
-- KEYS: 1 channel, 2 platform's outbox, 3 due
-- ARGV: 1 destination, 2 reason, 3 cause: what told of it
-- Answer: 1 if it was this cause that suspended the channel; 0 if it was suspended before, in which case nothing changed.
-- Running it twice: the second time finds its own cause, and answers 1 again.
if redis.call('HSETNX', KEYS[1], 'suspended', ARGV[2]) == 1 then redis.call('HSET', KEYS[1], 'cause', ARGV[3]) end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('HGET', KEYS[1], 'cause') == ARGV[3] and 1 or 0
