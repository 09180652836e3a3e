/// Encodes rows as JSON; the sink's hot path.
package dev.tapline.sink.jsonl.encoding;
