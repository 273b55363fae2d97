-- Keeps others from adding or changing keys until the transaction ends; they may be read.
lock table credential in share row exclusive mode
