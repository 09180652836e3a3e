/// The databases that are known by name.
package dev.tapline.sink.jdbc.dialects;
