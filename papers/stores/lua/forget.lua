-- Let a subscription forget what votes taught it. The votes stay.
-- KEYS: 1 lessons, 2 changes
-- ARGV: 1 destination, 2 what marks of the subscription's topics begin with, 3 highest length of the change log
-- Answer: how many papers it had learned from. Running it twice: the second time it has nothing to forget.
local forgotten, lessons = 0, redis.call('HGETALL', KEYS[1])
for i = 1, #lessons, 2 do
  local counts, topics, rest = lessons[i + 1]:match('^(%d+\t%d+\t%d+\t)([^\t]*)(\t.*)$')
  local kept, had = {}, 0
  for topic in topics:gmatch('[^,]+') do
    if topic:sub(1, #ARGV[2]) == ARGV[2] then had = 1 else kept[#kept + 1] = topic end
  end
  forgotten = forgotten + had
  if had == 1 and #kept > 0 then
    redis.call('HSET', KEYS[1], lessons[i], counts .. table.concat(kept, ',') .. rest)
  elseif had == 1 then
    redis.call('HDEL', KEYS[1], lessons[i])
  end
end
if forgotten > 0 then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'destination', ARGV[1]) end
return forgotten
