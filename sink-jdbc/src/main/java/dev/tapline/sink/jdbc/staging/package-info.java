/// Rows before a commit: buffered, folded to the last change of each key, validated, and loaded
/// into staging tables or into the table of a new version.
package dev.tapline.sink.jdbc.staging;
