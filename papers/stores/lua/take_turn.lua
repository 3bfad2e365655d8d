-- Take a host's turn, if nobody has it and its rest after the last one is over.
-- KEYS: 1 turn
-- ARGV: 1 token, 2 rest (ms) that the host gets between turns, 3 ms after which a turn that nobody ended is over
-- Answer: 0, or after how many ms to ask again; nothing changed then. A turn that somebody has may end at any time.
-- Running it twice: the second time it finds that this token has the turn, and answers 0.
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then return 0 end
if holder == '' then return math.max(redis.call('PTTL', KEYS[1]), 1) end
if holder then return tonumber(ARGV[2]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 0
