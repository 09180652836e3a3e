/// Standard output: plain JSON Lines, and Singer's messages.
package dev.tapline.sink.jsonl.console;
