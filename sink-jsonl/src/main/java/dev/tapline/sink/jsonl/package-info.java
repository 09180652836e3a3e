/// The JSON Lines sink: its options and which kind of sink they select.
package dev.tapline.sink.jsonl;
