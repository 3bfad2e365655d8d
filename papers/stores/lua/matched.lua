-- A shard has matched arrivals; those that all shards have are forgotten.
-- KEYS: 1 unmatched, 2 matched by some shards
-- ARGV: 1 the shard (`1/2`), 2 how many shards there are, then the arrivals
-- Answer: how many were forgotten. Running it twice: the second time the shard stands there already.
local shard, shards, forgotten = ARGV[1] .. ' ', tonumber(ARGV[2]), 0
local ours = '/' .. ARGV[2] .. ' '
for i = 3, #ARGV do
  local by = shards > 1 and redis.call('HGET', KEYS[2], ARGV[i]) or ''
  by = by or ''
  if not by:find(shard, 1, true) then by = by .. shard end
  local _, done = by:gsub(ours, '')  -- those of another number of shards, before that was changed, do not count
  if done == shards then
    forgotten = forgotten + redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('HDEL', KEYS[2], ARGV[i])
  elseif redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('HSET', KEYS[2], ARGV[i], by)
  end
end
return forgotten
