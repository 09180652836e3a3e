/// Connections to the destination: drivers, the pool, transactions, and which errors are transient.
package dev.tapline.sink.jdbc.connection;
