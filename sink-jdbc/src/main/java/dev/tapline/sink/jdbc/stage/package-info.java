/// Rows on their way: gathered, folded to the last change of each key, and staged in tables that
/// nobody looks at.
package dev.tapline.sink.jdbc.stage;
