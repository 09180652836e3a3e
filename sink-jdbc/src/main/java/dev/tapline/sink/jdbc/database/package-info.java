/// The connections to the destination, and what its errors mean for a run.
package dev.tapline.sink.jdbc.database;
