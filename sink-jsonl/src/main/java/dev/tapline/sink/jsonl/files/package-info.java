/// Writes JSON Lines to files.
package dev.tapline.sink.jsonl.files;
