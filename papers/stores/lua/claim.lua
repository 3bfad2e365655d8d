-- Lease the channel's next delivery to one sender, if none of its deliveries is in flight.
-- KEYS: 1 outbox, 2 platform's outbox, 3 sending, 4 token
-- ARGV: 1 destination, 2 lease (ms), 3 key prefix of the channel's deliveries
-- Answer: {} if there is nothing to do; else {id, token, JSON, state it was in, parent's message id or '', tries}.
-- Time is the server's. A lease that ran out makes its delivery 'unknown', never 'pending': it may have been posted.
-- Running it twice: the second time the delivery is in flight, so it answers {}; the lease then runs out.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local busy = redis.call('GET', KEYS[3])
if busy then
  local lease = tonumber(redis.call('HGET', ARGV[3] .. busy, 'lease'))
  if lease and lease > now then
    redis.call('ZADD', KEYS[2], lease, ARGV[1])
    return {}
  end
  redis.call('HSET', ARGV[3] .. busy, 'state', 'unknown')
  redis.call('DEL', KEYS[3])
end
-- all that is due: a headline that was put off stands behind its own replies, however many they are
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE')) do
  local key = ARGV[3] .. id
  local found = redis.call('HMGET', key, 'json', 'state', 'parent', 'tries')
  local parent, message = found[3], ''
  local free = true
  if parent and parent ~= '' then
    local headline = redis.call('HMGET', ARGV[3] .. parent, 'state', 'message')
    if headline[1] == 'dead' then
      redis.call('HSET', key, 'state', 'dead', 'detail', 'its headline was not posted', 'at', now)
      redis.call('ZREM', KEYS[1], id)
      free = false
    else
      free = headline[1] == 'sent' or not headline[1]
      message = headline[2] or ''
    end
  end
  if free then
    local token, lease = redis.call('INCR', KEYS[4]), now + ARGV[2]
    redis.call('HSET', key, 'state', 'sending', 'token', token, 'lease', lease, 'tries', found[4] + 1)
    redis.call('SET', KEYS[3], id)
    redis.call('ZADD', KEYS[2], lease, ARGV[1])
    return {id, token, found[1], found[2], message, found[4] + 1}
  end
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[2], math.max(tonumber(first[2]), now + 1000), ARGV[1])
else redis.call('ZREM', KEYS[2], ARGV[1]) end
return {}
