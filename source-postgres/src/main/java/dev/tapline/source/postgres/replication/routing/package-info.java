/// Brings changes to the batches of their streams, whichever decoder reports them.
package dev.tapline.source.postgres.replication.routing;
