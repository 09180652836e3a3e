/// Any database without a dialect of its own: standard SQL.
package dev.tapline.sink.jdbc.dialect.standard;
