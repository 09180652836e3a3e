/// Files that appear whole, once, and survive a crash.
package dev.tapline.sink.jsonl.files;
