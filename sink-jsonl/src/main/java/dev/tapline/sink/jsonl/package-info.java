/// The JSON Lines sink.
package dev.tapline.sink.jsonl;
