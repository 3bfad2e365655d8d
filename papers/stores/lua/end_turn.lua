-- End a turn that is still ours; the host rests.
-- KEYS: 1 turn
-- ARGV: 1 token, 2 rest (ms)
-- Answer: 1; 0 if the turn had run out, in which case nothing changed: it may be somebody else's by now.
-- Running it twice: the second time nobody has the turn, so it answers 0.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
return 1
