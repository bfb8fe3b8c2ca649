// Exists to compile the precompiled header that the tests share.
