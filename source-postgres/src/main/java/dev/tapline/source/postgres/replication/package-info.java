/// Reading on from the log: retains it, splits it and opens it. The facade over the packages below.
package dev.tapline.source.postgres.replication;
