/// Singer's messages on standard output, and the state that its target keeps.
package dev.tapline.sink.jsonl.singer;
