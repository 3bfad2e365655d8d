-- Lease the channel's next delivery to one sender, if none is in flight and no pace forbids it.
-- KEYS: 1 outbox, 2 platform's outbox, 3 sending, 4 token, 5 channel, then one a pace: the instant it is used up to
-- ARGV: 1 destination, 2 lease (ms), 3 key prefix of the channel's deliveries, 4 how long one is remembered once it waits
--       for nothing (ms), then three a pace: interval (ms between two posts), burst (posts that may come at once),
--       '1' if it binds the whole platform
-- Answer: {} if there is nothing to do; {'wait', number of the pace, ms} if that pace forbids it now; else
--         {id, token, JSON, state it was in, parent's message id or '', tries}.
-- Time is the server's. A lease that ran out makes its delivery 'unknown', never 'pending': it may have been posted.
-- Paces are the generic cell rate algorithm (ITU-T I.371, as a virtual scheduler): a post moves the instant on by its
-- interval, and is allowed if that instant lies less than burst intervals ahead.
-- Running it twice: the second time the delivery is in flight, so it answers {}; the lease then runs out.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local destination, prefix = ARGV[1], ARGV[3]

local function look_again(at)
  if at then redis.call('ZADD', KEYS[2], at, destination) else redis.call('ZREM', KEYS[2], destination) end
  return {}
end

if redis.call('HEXISTS', KEYS[5], 'suspended') == 1 then return look_again(nil) end

local busy = redis.call('GET', KEYS[3])
if busy then
  local lease = tonumber(redis.call('HGET', prefix .. busy, 'lease'))
  if lease and lease > now then return look_again(lease) end
  redis.call('HSET', prefix .. busy, 'state', 'unknown')
  redis.call('DEL', KEYS[3])
end

-- The first that is due and whose headline, if it answers in a thread, was posted. All that is due is looked at: a
-- headline that was put off stands behind its own replies, however many they are.
local chosen, found, thread
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE')) do
  local fields = redis.call('HMGET', prefix .. id, 'json', 'state', 'parent', 'tries')
  local parent = fields[3]
  if not fields[1] then -- an edit that slept for too long
    redis.call('ZREM', KEYS[1], id)
  elseif not parent or parent == '' then
    chosen, found, thread = id, fields, ''
    break
  else
    local headline = redis.call('HMGET', prefix .. parent, 'state', 'message')
    if headline[1] == 'dead' or headline[1] == 'parked' then
      local detail = headline[1] == 'dead' and 'its headline was not posted' or 'its headline was possibly sent'
      redis.call('HSET', prefix .. id, 'state', headline[1], 'detail', detail, 'at', now)
      redis.call('PEXPIRE', prefix .. id, ARGV[4], 'NX')
      redis.call('ZREM', KEYS[1], id)
    elseif headline[1] == 'sent' or not headline[1] then
      chosen, found, thread = id, fields, headline[2] or ''
      break
    end
  end
end
if not chosen then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return look_again(first[2] and math.max(tonumber(first[2]), now + 1000))
end

local paces = #KEYS - 5
for p = 1, paces do
  local interval, burst = tonumber(ARGV[p * 3 + 2]), tonumber(ARGV[p * 3 + 3])
  local used = tonumber(redis.call('GET', KEYS[p + 5]) or 0)
  local wait = math.ceil(used - (burst - 1) * interval - now)
  if wait > 0 then
    if ARGV[p * 3 + 4] ~= '1' then look_again(now + wait) end
    return {'wait', p, wait}
  end
end
for p = 1, paces do
  local used = math.max(tonumber(redis.call('GET', KEYS[p + 5]) or 0), now) + tonumber(ARGV[p * 3 + 2])
  redis.call('SET', KEYS[p + 5], used, 'PX', math.max(math.ceil(used - now), 1))
end

local token, lease = redis.call('INCR', KEYS[4]), now + ARGV[2]
redis.call('HSET', prefix .. chosen, 'state', 'sending', 'token', token, 'lease', lease, 'tries', found[4] + 1)
redis.call('SET', KEYS[3], chosen)
redis.call('ZADD', KEYS[2], lease, destination)
return {chosen, token, found[1], found[2], thread, found[4] + 1}
