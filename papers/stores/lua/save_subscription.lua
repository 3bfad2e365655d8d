-- Keep a subscription under its channel's next number, or in place of the one it replaces.
-- KEYS: 1 channel, 2 subscriptions, 3 channels, 4 changes, 5 feeds
-- ARGV: 1 destination, 2 number it replaces ('' for a new one), 3 its JSON before ('' for a new one),
--       4 highest count of subscriptions, 5 feed URL or '', 6 feed URL before or '', 7 highest length of the change log,
--       8 JSON without a number, which is the hash's field
-- Running it twice: the JSON holds the instant of its making, so the second run finds it there and answers its number.
-- Answer: {'kept', number}; {'twin', number} of another that wants the same; {'changed'} if the one to replace was
--         changed by somebody else; {'full'} if the channel is. Only for 'kept' anything changed.
local number = tonumber(ARGV[2])
if number and redis.call('HGET', KEYS[2], number) == ARGV[8] then return {'kept', number} end

local function same(one, other)
  for name, value in pairs(one) do if other[name] ~= value then return false end end
  for name in pairs(other) do if one[name] == nil then return false end end
  return true
end

local want, standing = cjson.decode(ARGV[8]).want, redis.call('HGETALL', KEYS[2])
for i = 1, #standing, 2 do
  local other = tonumber(standing[i])
  if not number and standing[i + 1] == ARGV[8] then return {'kept', other} end
  if other ~= number and same(cjson.decode(standing[i + 1]).want, want) then return {'twin', other} end
end

if number then
  if redis.call('HGET', KEYS[2], number) ~= ARGV[3] then return {'changed'} end
else
  if #standing / 2 >= tonumber(ARGV[4]) then return {'full'} end
  number = redis.call('HINCRBY', KEYS[1], 'last', 1)
end
redis.call('HSET', KEYS[2], number, ARGV[8])
if ARGV[5] ~= ARGV[6] then
  if ARGV[5] ~= '' then redis.call('HINCRBY', KEYS[5], ARGV[5], 1) end
  if ARGV[6] ~= '' and redis.call('HINCRBY', KEYS[5], ARGV[6], -1) <= 0 then redis.call('HDEL', KEYS[5], ARGV[6]) end
end
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 'destination', ARGV[1])
return {'kept', number}
