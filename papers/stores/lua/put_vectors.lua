-- Keep vectors, and note that the papers of those that are new changed.
-- KEYS: 1 the model's vectors, 2 changed
-- ARGV: a key and a vector, and so on; a paper's key is its id, a colon and a word without one
-- Answer: how many papers are noted.
-- Running it twice: the second time all are known, and none is noted.
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local noted = 0
for i = 1, #ARGV, 2 do
  local fresh = redis.call('HGET', KEYS[1], ARGV[i]) ~= ARGV[i+1]
  if fresh then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i+1]) end
  local paper = ARGV[i]:match('^(.*):[^:]*$')
  if fresh and paper and redis.call('ZSCORE', KEYS[2], paper) then
    redis.call('ZADD', KEYS[2], clock, paper)
    noted = noted + 1
  end
end
return noted
