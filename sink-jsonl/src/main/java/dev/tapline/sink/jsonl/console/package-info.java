/// Standard output, and a sink that writes plain JSON Lines to it.
package dev.tapline.sink.jsonl.console;
