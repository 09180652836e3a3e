/// Sessions with a server, and what to do when there is none. Knows nothing of what is read through
/// them.
package dev.tapline.source.postgres.connection;
