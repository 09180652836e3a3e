/// What a stream becomes in a database: its columns, their types, and the metadata beside them.
package dev.tapline.sink.jdbc.plan;
