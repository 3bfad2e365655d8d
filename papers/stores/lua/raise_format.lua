-- Say that the stored data has come to a format, unless somebody brought it further.
-- KEYS: 1 format
-- ARGV: 1 the format, 2 the version of Paperboy that brought it there
-- Answer: 1 if this did.
-- Running it twice: the second time it is there already.
if tonumber(redis.call('HGET', KEYS[1], 'version') or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'by', ARGV[2])
return 1
