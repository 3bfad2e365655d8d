-- Write down how far the archive is embedded, if it is still embedded with that model.
-- KEYS: 1 embedding
-- ARGV: 1 model, then fields and values
-- Answer: 1; 0 if workers embed with another model by now, in which case nothing changed.
-- Running it twice: the second time writes the same again.
if redis.call('HGET', KEYS[1], 'model') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
