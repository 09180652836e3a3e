/// The route through SSH servers, whose channels serve as sockets.
package dev.tapline.source.postgres.connection.ssh;
