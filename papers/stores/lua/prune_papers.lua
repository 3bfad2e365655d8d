-- Take papers out of the archive, with everything that was kept to find them; that they arrived once stays known.
-- KEYS: 1 papers, 2 changed, 3 aliases, 4 vectors
-- ARGV: 1 key prefix of papers, 2 of titles, then four a paper: id, title key or '', its vector's field, an alias or ''
-- Answer: how many there were.
-- Running it twice: the second time there are none.
local gone = 0
for i = 3, #ARGV, 4 do
  local id, title, alias = ARGV[i], ARGV[2] .. ARGV[i+1], ARGV[i+3]
  gone = gone + redis.call('UNLINK', ARGV[1] .. id)
  if redis.call('GET', title) == id then redis.call('UNLINK', title) end
  if redis.call('HGET', KEYS[3], alias) == id then redis.call('HDEL', KEYS[3], alias) end
  redis.call('ZREM', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[4], ARGV[i+2])
end
return gone
