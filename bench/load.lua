-- Sends the requests of a file in turn, over and over, and judges every answer.
--
-- Arguments: the file (requests parted by a zero byte); the least and the greatest length of a
-- right answer's body; a text that a right answer holds, and how often, looked for in one answer
-- of 16; after how many answers to stop (0: when the time is up).

local DEEP_CHECK_EVERY = 16
local requests, last = {}, 0
local length_min, length_max, text, times, answers_max
local threads = {}

local ffi = require("ffi")
ffi.cdef[[
    typedef struct { long seconds, nanoseconds; } instant;
    int clock_gettime(int clock, instant *at);
    int getpid(void);
    int kill(int pid, int signal);
]]
local MONOTONIC, INTERRUPT = 1, 2

answers, wrong = 0, 0
-- When the first request went and the last answer came, in seconds; wrk itself may run longer.
began_s, ended_s = 0, 0

local function now_s()
    local at = ffi.new("instant")
    ffi.C.clock_gettime(MONOTONIC, at)
    return tonumber(at.seconds) + tonumber(at.nanoseconds) / 1e9
end

function setup(thread)
    threads[#threads + 1] = thread
end

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for request in file:read("*a"):gmatch("[^%z]+") do
        requests[#requests + 1] = request
    end
    file:close()
    length_min, length_max = tonumber(arguments[2]), tonumber(arguments[3])
    text, times = arguments[4], tonumber(arguments[5])
    answers_max = tonumber(arguments[6])
end

function request()
    if began_s == 0 then
        began_s = now_s()
    end
    last = last % #requests + 1
    return requests[last]
end

local function occurrences(body)
    local count, from = 0, 1
    while true do
        local _, stop = body:find(text, from, true)
        if not stop then
            return count
        end
        count, from = count + 1, stop + 1
    end
end

function response(status, headers, body)
    answers = answers + 1
    if status ~= 200 or #body < length_min or #body > length_max then
        wrong = wrong + 1
    elseif answers % DEEP_CHECK_EVERY == 0 and occurrences(body) ~= times then
        wrong = wrong + 1
    end
    ended_s = now_s()
    if answers == answers_max then
        -- Stops this thread, and wakes wrk, which would sleep until its time is up.
        wrk.thread:stop()
        ffi.C.kill(ffi.C.getpid(), INTERRUPT)
    end
end

function done(summary, latency, _)
    local answered, unlike = 0, 0
    for _, thread in ipairs(threads) do
        answered = answered + thread:get("answers")
        unlike = unlike + thread:get("wrong")
    end
    local errors = summary.errors
    local elapsed_s = threads[1]:get("ended_s") - threads[1]:get("began_s")
    io.write(string.format(
        'RESULT {"answers": %d, "wrong": %d, "failed": %d, "elapsed_s": %f, ' ..
        '"p50_ms": %f, "p99_ms": %f}\n',
        answered, unlike,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        elapsed_s, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
    ))
end
