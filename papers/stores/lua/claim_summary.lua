-- Let one caller ask a model for a summary, if nobody did, nobody must wait, and the day's budget allows.
-- KEYS: 1 the summary of one text by one model, 2 how many were asked for today, 3 the rest after failures
-- ARGV: 1 this caller's claim, 2 how long the claim holds (ms), 3 the budget of a day, 4 how long a day's count is kept (ms)
-- Answer: what is known ('=' and the text, or another's claim), 'rest', 'spent', or 'ask'.
-- Running it twice: the second time it finds its own claim, and answers 'ask' without counting again.
local known = redis.call('GET', KEYS[1])
if known == ARGV[1] then return 'ask' end
if known then return known end
if redis.call('EXISTS', KEYS[3]) == 1 then return 'rest' end
if tonumber(redis.call('GET', KEYS[2]) or 0) >= tonumber(ARGV[3]) then return 'spent' end
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'ask'
