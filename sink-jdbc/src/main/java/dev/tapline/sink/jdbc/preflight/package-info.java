/// What is checked before a run: the connection, names, and whether tables can be created.
package dev.tapline.sink.jdbc.preflight;
