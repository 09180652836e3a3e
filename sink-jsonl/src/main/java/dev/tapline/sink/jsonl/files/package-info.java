/// Rows of JSON in files.
package dev.tapline.sink.jsonl.files;
