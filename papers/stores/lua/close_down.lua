-- Note that a channel is closed, and once it was for long, let go of what waits there. Its subscriptions stay.
-- KEYS: 1 channel, 2 inbox, 3 outbox
-- ARGV: 1 now (ms), 2 closed by then (ms) is for long, 3 key prefix of the channel's deliveries, 4 how long one is
--       remembered once it waits for nothing (ms), 5 most deliveries in one go, 6 what is said of them
-- Answer: how many deliveries were given up; as many as 5 says means that there may be more.
-- Running it twice: the second time there is nothing left, or the next ones are given up.
local held = redis.call('HMGET', KEYS[1], 'suspended', 'closed')
if not held[1] then
  redis.call('HDEL', KEYS[1], 'closed')
  return 0
end
if not held[2] then
  redis.call('HSET', KEYS[1], 'closed', ARGV[1])
  return 0
end
if tonumber(held[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('UNLINK', KEYS[2])
local ids = redis.call('ZRANGE', KEYS[3], 0, ARGV[5] - 1)
for _, id in ipairs(ids) do
  local key = ARGV[3] .. id
  if redis.call('EXISTS', key) == 1 then
    redis.call('HSET', key, 'state', 'dead', 'detail', ARGV[6], 'at', ARGV[1])
    redis.call('PEXPIRE', key, ARGV[4], 'NX')
  end
  redis.call('ZREM', KEYS[3], id)
end
return #ids
