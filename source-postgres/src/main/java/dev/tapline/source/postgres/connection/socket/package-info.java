/// The sockets that pgjdbc is given, and the factories that it instantiates by name.
package dev.tapline.source.postgres.connection.socket;
